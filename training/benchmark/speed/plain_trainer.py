"""The plain Hugging Face loop that a supervised round is compared with."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from typing import Any

import torch
from PIL import Image as Picture
from torch import Tensor, nn
from torch.utils.data import Dataset
from transformers import BlipImageProcessor, PrinterCallback, Trainer, TrainerCallback, TrainingArguments

from irevla.policies.vla import VLA
from irevla.training.frames import RecordedEpisode
from irevla.training.supervised_round import squared_error


def plain_samples_per_s(
    vla: VLA, episodes: Sequence[tuple[str, RecordedEpisode]], batch_size: int, *, steps: int, warm_up: int
) -> float:
    """Return samples a second of ``steps`` gradient steps after ``warm_up`` others."""
    clock = _Clock(warm_up)
    with tempfile.TemporaryDirectory() as folder:
        arguments = TrainingArguments(
            output_dir=folder,
            per_device_train_batch_size=batch_size,
            max_steps=warm_up + steps,
            save_strategy="no",
            logging_strategy="no",
            report_to="none",
            disable_tqdm=True,
            remove_unused_columns=False,
            dataloader_pin_memory=False,
            use_cpu=vla.device.type == "cpu",
        )
        trainer = Trainer(PlainModel(vla), arguments, train_dataset=PlainSamples(vla, episodes), callbacks=[clock])
        trainer.remove_callback(PrinterCallback)
        trainer.train()
    return steps * batch_size / clock.wall_s


class PlainSamples(Dataset[dict[str, Tensor]]):
    """Steps one at a time, each prepared from its pictures and words when it is asked for."""

    def __init__(self, vla: VLA, episodes: Sequence[tuple[str, RecordedEpisode]]) -> None:
        self._steps = [(text, episode, step) for text, episode in episodes for step in range(len(episode.actions))]
        self._views = vla.spec.preprocessing.views
        side = vla.spec.preprocessing.image_px
        self._processor = BlipImageProcessor(
            size={"height": side, "width": side},
            image_mean=vla.spec.preprocessing.mean,
            image_std=vla.spec.preprocessing.std,
        )
        self._tokenizer = vla.instructions.tokenizer
        self._length = max(len(vla.instructions.ids(text)) for text, _ in episodes)

    def __len__(self) -> int:
        return len(self._steps)

    def __getitem__(self, number: int) -> dict[str, Tensor]:
        text, episode, step = self._steps[number]
        views = [Picture.fromarray(episode.images[view][step]) for view in self._views]
        words = self._tokenizer(
            text, padding="max_length", max_length=self._length, padding_side="left", return_tensors="pt"
        )
        return {
            "pixel_values": self._processor(views, return_tensors="pt")["pixel_values"],
            "input_ids": words["input_ids"][0],
            "attention_mask": words["attention_mask"][0],
            "state": torch.from_numpy(episode.states[step]),
            "action": torch.from_numpy(episode.actions[step]),
        }


class PlainModel(nn.Module):
    """The VLA as Trainer wants a model: a batch of tensors in, the loss (eq. 2) out."""

    def __init__(self, vla: VLA) -> None:
        super().__init__()
        self.vla = vla

    def forward(
        self, pixel_values: Tensor, input_ids: Tensor, attention_mask: Tensor, state: Tensor, action: Tensor
    ) -> dict[str, Any]:
        """Return the loss of pixels ``(B, V, 3, P, P)``, ids and mask ``(B, T)``, states and actions ``(B, 7)``."""
        vlm = self.vla.vlm
        patches = vlm.vision_model(pixel_values=pixel_values.flatten(0, 1)).last_hidden_state
        views = patches.unflatten(0, pixel_values.shape[:2]) + self.vla.view_embedding
        queries = vlm.query_tokens.expand(len(state), -1, -1)
        found = vlm.qformer(query_embeds=queries, encoder_hidden_states=views.flatten(1, 2)).last_hidden_state
        found = vlm.language_projection(found)
        words = vlm.language_model.get_input_embeddings()(input_ids)
        mask = torch.cat([attention_mask, torch.ones_like(found[..., 0], dtype=attention_mask.dtype)], dim=1)
        decoder = vlm.language_model.model.decoder
        hidden = decoder(inputs_embeds=torch.cat([words, found], dim=1), attention_mask=mask).last_hidden_state
        actions = self.vla.act(hidden[:, -self.vla.spec.head.tokens :], state)
        return {"loss": squared_error(actions, action)}


class _Clock(TrainerCallback):  # type: ignore[misc]
    """Seconds from the end of the warm-up to the end."""

    def __init__(self, warm_up: int) -> None:
        self._warm_up = warm_up
        self._begun = 0.0
        self.wall_s = 0.0

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        if state.global_step == self._warm_up:
            self._begun = time.perf_counter()
        self.wall_s = time.perf_counter() - self._begun
