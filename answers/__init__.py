"""What is asked of an opened scenario, worked out once, whoever tells it: pages, slides, brief, command line."""
