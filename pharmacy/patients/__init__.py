"""Who is treated and by whom: the chart a pharmacist reads before signing."""
