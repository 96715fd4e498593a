"""What happens when something that the platform stands on fails, tried on real servers."""
