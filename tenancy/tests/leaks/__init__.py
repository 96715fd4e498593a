"""The leak suite: what people of one weblog can see or change of another, by every address."""
