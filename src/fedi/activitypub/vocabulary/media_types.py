"""By which media types a document says that it is ActivityPub (ActivityPub §3.2). Pure."""

ACTIVITYSTREAMS = "https://www.w3.org/ns/activitystreams"
ACTIVITY_JSON = "application/activity+json"
_LD_JSON = "application/ld+json"


def is_activity_json(content_type: str) -> bool:
    """Tell whether a Content-Type declares ActivityPub: activity+json, or ld+json with the profile.

    Anything else, such as an uploaded file, may look like an actor and never is one (GHSA-jhrq-qvrm-qr36). A charset
    may follow.
    """
    media_type, *parameters = (part.strip() for part in content_type.split(";"))
    if media_type.lower() == ACTIVITY_JSON:
        return True
    return media_type.lower() == _LD_JSON and any(map(_names_profile, parameters))


def _names_profile(parameter: str) -> bool:
    name, _, value = parameter.partition("=")
    return name.strip().lower() == "profile" and ACTIVITYSTREAMS in value.strip('" ').split()
