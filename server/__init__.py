"""What the web server answers beside the dashboard: headers of every response, health, metrics."""
