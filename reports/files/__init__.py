"""Words and tables as bytes: CSV, FOCUS, workbook, slides, brief."""
