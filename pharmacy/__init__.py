"""The system a home infusion pharmacy runs on."""
