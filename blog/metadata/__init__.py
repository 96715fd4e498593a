"""What a page says of itself to machines: to social networks and to search engines."""
