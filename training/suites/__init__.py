"""The paper's simulated benchmarks: tasks, their variations, their scripted experts."""
