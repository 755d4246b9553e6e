"""What leaves the browser: words, tables and files made from a comparison."""
