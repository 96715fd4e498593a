"""What `tools/bench.py` measures with: weblogs to measure, servers, load and tables."""
