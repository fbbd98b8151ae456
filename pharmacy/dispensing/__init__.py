"""What is dispensed and when: counts at home, and plans that give each dose its bag."""
