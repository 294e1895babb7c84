"""Plans and explanations as the JSON of PLANNING.md sections 2 and 5."""

from collections.abc import Sequence
from typing import Any

from scheduler.planning.results import Explanation, Plan


def plan_json(plan: Plan) -> dict[str, Any]:
    """The objective and the sessions of a plan."""
    sessions = [
        {"k": each.k, "site": each.site, "chair": each.chair, "start": each.start.isoformat()}
        for each in plan.infusions
    ]
    return {"objective": plan.objective, "sessions": sessions}


def explanation_json(explanation: Explanation) -> dict[str, Any]:
    """The sites with their impasses and the relaxations."""
    return {
        "sites": {
            site: {"session": impasse.session, "days": [day.isoformat() for day in impasse.days]}
            for site, impasse in explanation.sites.items()
        },
        "relaxations": [{"name": each.name, "objective": each.objective} for each in explanation.relaxations],
    }


def answer_json(
    plan: Plan | None,
    alternatives: Sequence[Plan] | None = None,
    explanation: Explanation | None = None,
) -> dict[str, Any]:
    """A whole plan file; alternatives and explanation where they were asked for."""
    answer: dict[str, Any] = {"status": "ok", **plan_json(plan)} if plan else {"status": "infeasible"}
    if plan and alternatives is not None:
        answer["alternatives"] = [plan_json(each) for each in alternatives]
    if explanation is not None:
        answer["explanation"] = explanation_json(explanation)
    return answer
