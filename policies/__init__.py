"""The VLA: backbone, token learner, action and critic heads, LoRA, checkpoints."""
