"""Video Dialog from Python: find moments in videos, and ask about them.

    import video_dialog

    with video_dialog.open() as library:
        library.ingest("films/")
        for hit in library.search("a red car"):
            print(hit.video_id, hit.span, hit.text, hit.score)

`docs/python.md` shows more. Whatever is not named here may change at any time.
"""

from bot.actions.explaining import Explanation
from bot.api.dialog import VideoDialog
from bot.api.dialog import open_home as open
from bot.api.talk import Talk
from bot.dialogue.conversation import Turn
from bot.dialogue.events import (
    Answered,
    Clarifying,
    Event,
    Failed,
    Found,
    Looking,
    Queued,
    Searching,
    Seen,
    Stopped,
    Understood,
    Writing,
)
from bot.dialogue.messages import Answer, Citation, Filters
from bot.dialogue.storing.feedback import Feedback
from bot.errors import (
    AssistantError,
    ConfigurationError,
    DiskFull,
    PictureUnreadable,
    Problem,
    Refused,
    UnknownConversation,
    UnknownMoment,
    UsageError,
    VisionFailed,
)
from retrieval.errors import (
    AmbiguousVideo,
    IndexUnavailable,
    InvalidAnnotations,
    InvalidQuery,
    InvalidSpan,
    InvalidSubtitles,
    LibraryError,
    LibraryUnusable,
    MissingModel,
    NotInLibrary,
    SpaceMismatch,
    UnfitEncoder,
    UnreadableMedia,
)
from retrieval.ingest.cutting import Clip
from retrieval.ingest.progress import Progress
from retrieval.ingest.reports import FileReport
from retrieval.types import Entry, Hit, Keyframe, Moment, TimedText, TimeSpan, Video

__version__ = "0.1.0"

__all__ = [
    "AmbiguousVideo",
    "Answer",
    "Answered",
    "AssistantError",
    "Citation",
    "Clarifying",
    "Clip",
    "ConfigurationError",
    "DiskFull",
    "Entry",
    "Event",
    "Explanation",
    "Failed",
    "Feedback",
    "FileReport",
    "Filters",
    "Found",
    "Hit",
    "IndexUnavailable",
    "InvalidAnnotations",
    "InvalidQuery",
    "InvalidSpan",
    "InvalidSubtitles",
    "Keyframe",
    "LibraryError",
    "LibraryUnusable",
    "Looking",
    "MissingModel",
    "Moment",
    "NotInLibrary",
    "PictureUnreadable",
    "Problem",
    "Progress",
    "Queued",
    "Refused",
    "Searching",
    "Seen",
    "SpaceMismatch",
    "Stopped",
    "Talk",
    "TimeSpan",
    "TimedText",
    "Turn",
    "Understood",
    "UnfitEncoder",
    "UnknownConversation",
    "UnknownMoment",
    "UnreadableMedia",
    "UsageError",
    "Video",
    "VideoDialog",
    "VisionFailed",
    "Writing",
    "__version__",
    "open",
]
