"""When a vote session stands: enough voters present, enough ballots back, not too many of them invalid."""

from __future__ import annotations

from fractions import Fraction

from app.domain.facts import VoteSession
from app.domain.schemes import Voting
from app.scoring.wording import exact_text


def why_failed(voting: Voting, session: VoteSession, void: int) -> str:
    """Why the session does not stand (a sentence without full stop), "" when it does. void: ballots that the rules for
    single ballots made invalid. What is divided by 0 is not asked for."""
    invalid = session.invalid + void
    found = [
        _too_few(voting.present, voting.present_more, session.present, session.expected, "实到", "应到"),
        _too_few(voting.returned, voting.returned_more, session.returned, session.issued, "收回", "发出"),
        _too_many(voting.invalid, invalid, session.returned),
    ]
    if voting.more_returned == "void" and session.issued and session.returned > session.issued:
        found.append(f"收回 {session.returned} 张，多于发出 {session.issued} 张")
    return "；".join(f for f in found if f)


def _too_few(percent: Fraction | None, more: bool, part: int, whole: int, name: str, of: str) -> str:
    if percent is None or whole == 0:
        return ""
    share = Fraction(part * 100, whole)
    if share > percent or (share == percent and not more):
        return ""
    wanted = "应多于" if more else "应不少于"
    return f"{name} {part}，{of} {whole}，占 {exact_text(share)}%，{wanted} {exact_text(percent)}%"


def _too_many(percent: Fraction | None, invalid: int, returned: int) -> str:
    if percent is None or returned == 0 or Fraction(invalid * 100, returned) <= percent:
        return ""
    share = exact_text(Fraction(invalid * 100, returned))
    return f"无效 {invalid}，收回 {returned}，占 {share}%，应不多于 {exact_text(percent)}%"
