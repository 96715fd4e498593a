"""Pictures that the server draws itself: marks of weblogs, and cards for social networks."""
