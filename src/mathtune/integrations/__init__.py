"""The grader as a reward and a scorer: what a trainer or harness hands over -> what it takes for a judgement.

A module for each package, under the package's name, imported by whoever uses that package:

- `mathtune.integrations.trl.MathReward`: reward function of TRL's GRPOTrainer and its kin.
- `mathtune.integrations.verl.compute_score`: verl's `custom_reward_function`.
- `mathtune.integrations.openrlhf.reward_func`: OpenRLHF's reward function.
- `mathtune.integrations.inspect_ai.math_scorer`: scorer of inspect.
- `mathtune.integrations.lm_eval.process_results`: `process_results` of lm-eval's tasks.

Engines on Arrow (Ray, Spark, polars, datasets) need none: they take `mathtune.grading.grade_table` as it is.
"""

from __future__ import annotations

__all__: list[str] = []
