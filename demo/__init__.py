"""Example weblogs to look around in: the only place that makes them, and that throws them away."""
