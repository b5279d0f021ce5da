"""The made-up graph, part by part; `fake_world` puts them together."""
