"""The table of methods is the paper's."""

from __future__ import annotations

import pytest

from irevla.config.errors import UnknownNameError
from irevla.training.algorithm1.method import METHODS, find_method


def test_irevla_freezes_the_vlm_in_stage_1_and_trains_it_on_both_datasets_in_stage_2() -> None:
    method = find_method("irevla")
    assert (method.start, method.learner, method.trains_vlm_in_rl) == ("stage0", "ppo", False)
    assert (method.replay, method.trains_vlm_in_sl) == ("expert+online", True)


def test_only_the_vlm_in_stage_2_sets_irevla_freeze_apart_and_only_the_learner_irevla_sacfd() -> None:
    def differences(name: str) -> set[str]:
        return {key for key, value in vars(METHODS[name]).items() if value != vars(METHODS["irevla"])[key]} - {"name"}

    assert differences("irevla-freeze") == {"trains_vlm_in_sl"}
    assert differences("irevla-sacfd") == {"learner"}


def test_ppo_replay_is_ppo_on_the_whole_model_with_the_experts_data_after_each_task() -> None:
    method = find_method("ppo-replay")
    assert (method.trains_vlm_in_rl, method.replay, method.trains_vlm_in_sl) == (True, "expert", True)


def test_an_unknown_method_is_named_with_what_there_is() -> None:
    with pytest.raises(UnknownNameError, match=r"'irevla-freez' \(did you mean 'irevla-freeze'\?\)"):
        find_method("irevla-freez")
