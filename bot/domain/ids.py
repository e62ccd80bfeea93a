"""Ids of jobs and the names derived from them."""

import re
import secrets

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH = 10
PATTERN = rf"[{ALPHABET}]{{{LENGTH}}}"


def new_job_id() -> str:
    """10 characters of lower-case Crockford base32 (50 random bits); no right rests on knowing one."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def is_job_id(text: str) -> bool:
    """Whether the text has the form of a job's id."""
    return re.fullmatch(PATTERN, text) is not None


def nonce(job_id: str, tag: str) -> str:
    """The nonce of one post about a job: unique per post, stable over retries, at most 25 characters."""
    text = f"cb:{job_id}:{tag}"
    if len(text) > 25:
        raise ValueError(text)
    return text


def custom_id(verb: str, subject: str) -> str:
    """The id of a button: `cb:<verb>:<subject>`."""
    return f"cb:{verb}:{subject}"


def file_name(job_id: str) -> str:
    """The name under which a job's video is uploaded, by which a post is found again."""
    return f"clapboard-{job_id}.mp4"
