"""What the methods are called in tables and figures, in the table's order."""

METHOD_TITLES = {
    "sft": "SFT policy",
    "sft-longer": "SFT, longer",
    "ppo-scratch": "PPO from scratch",
    "ppo-replay": "PPO-Replay",
    "irevla": "iRe-VLA",
    "irevla-freeze": "iRe-VLA-freeze",
    "irevla-sacfd": "iRe-VLA (SACfD)",
}
