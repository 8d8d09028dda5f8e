from __future__ import annotations

from trustgate.attribution.backend import Backend, Served, Stated
from trustgate.attribution.claim import Claim
from trustgate.attribution.gathering import EVIDENCE_LIMIT, ORIGIN_LIMIT, Origins
from trustgate.attribution.origin import Hosting, OriginClass, Trust

GLM = Backend(Stated(model="glm-5.2", family="glm", open_weights=True))
GLM_ZAI = Backend(GLM.stated, Served("zai", Hosting.VENDOR, "CN"))
OPUS = Backend(Stated(model="claude-opus-4-8", family="claude", open_weights=False))


def claim(
    agent: str = "crush",
    *backends: Backend,
    origin_class: OriginClass = OriginClass.GENERATED,
    trust: Trust = Trust.DECLARED,
    detail: str = "text",
) -> Claim:
    return Claim("rule", "trailer", detail, origin_class, trust, agent, backends)


def test_nothing_claimed_is_the_unknown_origin() -> None:
    origins = Origins()
    assert origins.add("c1", ()) == ("o0",)
    (unknown,) = origins.all()
    assert (unknown.id, unknown.origin_class, unknown.commits) == ("o0", OriginClass.UNKNOWN, ("c1",))


def test_evidence_of_nobody_stays_with_the_unknown_origin() -> None:
    origins = Origins()
    aider = claim("", origin_class=OriginClass.UNKNOWN, trust=Trust.NONE)
    assert origins.add("c1", (aider,)) == ("o0",)
    assert [item.detail for item in origins.all()[0].evidence] == ["text"]


def test_one_backend_in_several_commits_is_one_origin() -> None:
    origins = Origins()
    assert origins.add("c1", (claim("crush", GLM),)) == origins.add("c2", (claim("crush", GLM),)) == ("o1",)
    (origin,) = origins.all()
    assert origin.commits == ("c1", "c2")
    assert [item.commit for item in origin.evidence] == ["c1", "c2"]


def test_ids_count_in_order_of_appearance_and_unknown_is_zero() -> None:
    origins = Origins()
    ids = [origins.add("c1", (claim("crush", GLM),)), origins.add("c2", ()), origins.add("c3", (claim("codex"),))]
    assert ids == [("o1",), ("o0",), ("o2",)]
    assert [origin.id for origin in origins.all()] == ["o0", "o1", "o2"]


def test_a_claim_without_a_model_supports_the_agents_model() -> None:
    origins = Origins()
    assert origins.add("c1", (claim("crush", detail="footer"), claim("crush", GLM))) == ("o1",)
    assert [item.detail for item in origins.all()[0].evidence] == ["footer", "text"]


def test_a_model_without_a_provider_joins_the_one_that_has_it() -> None:
    origins = Origins()
    origins.add("c1", (claim("crush", GLM), claim("crush", GLM_ZAI)))
    assert [origin.provider for origin in origins.all()] == ["zai"]


def test_claims_that_disagree_are_all_kept() -> None:
    origins = Origins()
    assert origins.add("c1", (claim("crush", GLM), claim("crush", OPUS), claim("codex"))) == ("o1", "o2", "o3")
    assert [origin.model for origin in origins.all()] == ["glm-5.2", "claude-opus-4-8", ""]


def test_the_strictest_class_of_an_agent_holds() -> None:
    origins = Origins()
    origins.add("c1", (claim("crush", GLM, origin_class=OriginClass.ASSISTED), claim("crush")))
    assert [origin.origin_class for origin in origins.all()] == [OriginClass.GENERATED]


def test_a_suggestion_in_one_commit_does_not_make_another_one_less() -> None:
    origins = Origins()
    origins.add("c1", (claim("codex", origin_class=OriginClass.SUGGESTED),))
    origins.add("c2", (claim("codex"),))
    assert [origin.origin_class for origin in origins.all()] == [OriginClass.SUGGESTED, OriginClass.GENERATED]


def test_no_ai_declared_beside_an_agent_keeps_both() -> None:
    origins = Origins()
    none = claim("", origin_class=OriginClass.DECLARED_NO_AI)
    assert origins.add("c1", (none, claim("crush", GLM))) == ("o1", "o2")


def test_the_best_evidence_of_one_statement_counts() -> None:
    origins = Origins()
    origins.add("c1", (claim("crush", trust=Trust.WEAK), claim("crush", trust=Trust.DECLARED)))
    assert origins.all()[0].trust is Trust.DECLARED


def test_of_too_many_origins_the_strictest_stay() -> None:
    origins = Origins()
    many = [claim("crush", Backend(Stated(model=f"m{n}", family="x", open_weights=False))) for n in range(100)]
    ids = origins.add("c1", (*many, claim("crush", GLM)))
    assert len(ids) == ORIGIN_LIMIT
    assert "glm-5.2" in {origin.model for origin in origins.all()}


def test_evidence_is_capped_and_commits_are_not() -> None:
    origins = Origins()
    for number in range(100):
        origins.add(f"c{number}", (claim("crush", GLM),))
    (origin,) = origins.all()
    assert (len(origin.evidence), len(origin.commits)) == (EVIDENCE_LIMIT, 100)


def test_what_is_signed_for_one_commit_is_not_signed_for_another() -> None:
    origins = Origins()
    origins.add("c1", (claim("crush", GLM, trust=Trust.SIGNED),))
    origins.add("c2", (claim("crush", GLM, trust=Trust.DECLARED),))
    (origin,) = origins.all()
    assert (origin.trust, origin.commits) == (Trust.DECLARED, ("c1", "c2"))


def test_the_best_evidence_of_one_commit_counts_for_all_of_it() -> None:
    origins = Origins()
    origins.add("c1", (claim("crush", GLM, trust=Trust.RECORDED),))
    origins.add("c1", (claim("crush", GLM, trust=Trust.DECLARED),))  # a line that no record covers
    assert [origin.trust for origin in origins.all()] == [Trust.RECORDED]


def test_origins_that_are_left_out_are_counted() -> None:
    origins = Origins()
    origins.add("c1", tuple(claim(f"agent{n}", GLM) for n in range(ORIGIN_LIMIT + 1)))
    origins.add("c2", (claim("crush", GLM),))
    assert origins.problems == ["c1 names 33 backends, 32 were kept"]
