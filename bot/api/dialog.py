"""A home folder from Python, opened as its owner: take videos in, search, ask, cut."""

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path
from types import NoneType
from typing import Any

from bot import bootstrap, settings
from bot.actions import cutting, searching
from bot.actions.access import Access
from bot.actions.cutting import HasSpan
from bot.actions.pictures import Picture, picture
from bot.actions.resuming import conversation_to_go_on
from bot.actions.typed import collection_name, path, text_kinds, time
from bot.api.checked import PATH, PICTURE, TEXT_OR_NONE, TIME, check, check_called, check_spanned, names
from bot.api.talk import Talk
from bot.bootstrap import Assistant
from bot.dialogue.messages import Answer, Citation
from bot.errors import UsageError
from bot.settings import Settings
from retrieval.errors import NotInLibrary
from retrieval.ingest.cutting import Clip
from retrieval.ingest.progress import Progress
from retrieval.ingest.reports import FileReport
from retrieval.types import Hit, Moment, Video, films


class VideoDialog:
    """A home folder, opened as its owner. Close it, or use it in a `with` statement.

    Args:
        chosen: the settings.
        collections: the only collections that are seen and taken into; all where None.

    Raises:
        LibraryUnusable: the home cannot be used.
        ConfigurationError: a setting cannot be used.
        UsageError: `collections` is empty, or a name in it is.
    """

    def __init__(self, chosen: Settings, collections: Iterable[str] | None = None) -> None:
        self.settings = chosen
        self._only = None if collections is None else frozenset(map(collection_name, names("collections", collections)))
        if self._only is not None and not self._only:
            raise UsageError("no collection is to be seen", "Leave `collections` out to see all of them.")
        self._opened = ExitStack()
        self._assistant: Assistant | None = self._opened.enter_context(bootstrap.assistant(chosen))

    def __enter__(self) -> "VideoDialog":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        try:
            state = "closed" if self._assistant is None else f"{len(self.videos())} videos"
        except NotInLibrary:
            state = "0 videos"
        except Exception:  # a damaged library too can be looked at in a debugger
            state = "cannot be read"
        return f"<VideoDialog {str(self.settings.home)!r}, {state}>"

    def close(self) -> None:
        """Release the home; nothing can be asked of it any more."""
        self._assistant = None
        self._opened.close()

    @property
    def assistant(self) -> Assistant:
        """What does the work.

        Raises:
            UsageError: the home was closed.
        """
        if self._assistant is None:
            raise UsageError(f"{str(self.settings.home)!r} was closed", "Open it again.")
        return self._assistant

    @property
    def visible(self) -> frozenset[str]:
        """The collections that are seen.

        Raises:
            NotInLibrary: one that was asked for is not there, and nothing was taken into it yet.
        """
        there = self.assistant.access.visible
        if self._only is not None:
            for name in sorted(self._only - there):  # what else there is stays unsaid
                raise NotInLibrary(f"there is no collection {name!r}", "An ingest makes it.")
        return self._access().visible

    def ingest(
        self,
        *paths: str | Path,
        collection: str | None = None,
        captions: str | Path | None = None,
        on_progress: Callable[[Progress], None] | None = None,
        drop: str | Iterable[str] = (),
        retry: bool = False,
    ) -> list[FileReport]:
        """Take files and folders of video in; return what became of each file. What is in already is not done again.

        The last reports are of what the folders hold and nobody read, and of videos whose files are gone.

        Texts of a video stay where they are not given again: only `drop` takes them away.

        Args:
            paths: files or folders.
            collection: the collection that they go into; by default that of the settings, or the only one seen, and a
                video that lies in another one that is seen stays there.
            captions: a file of captions in the form of ActivityNet Captions.
            on_progress: told where the work on each file is.
            drop: a kind of text to take away, or several: captions, subtitles, speech, descriptions.
            retry: whether files of folders are tried again that were refused before and are unchanged since.

        Raises:
            UnreadableMedia: a path does not exist.
            InvalidAnnotations: the file of captions has another form.
            UsageError: a path is empty, the collection is not one of those that are seen, or there is no such kind.
        """
        for one in paths:
            check("a path", one, *PATH)
        check("collection", collection, *TEXT_OR_NONE)
        check("captions", captions, *PATH, NoneType)
        check("retry", retry, bool)
        check_called("on_progress", on_progress)
        given = None if captions is None else path(captions)
        library = self.assistant.library
        away = text_kinds(names("drop", drop))
        taken, into = [path(one) for one in paths], self._into(collection)
        seen = self.assistant.access.visible if self._only is None else self._only
        default = collection is None
        return library.ingest(taken, into, given, on_progress, None, away, seen, default, retry)

    def videos(self) -> list[Video]:
        """Return the videos, by id; a film that several collections hold is one, and its `copies` name the others."""
        return films(self.assistant.library.catalogue.videos(self.visible))

    def moments(self, video: str | Video) -> list[Moment]:
        """Return a video's moments in order of time.

        Raises:
            NotInLibrary: there is no such video.
        """
        check("video", video, str, Video)
        video_id = video if isinstance(video, str) else video.video_id
        return self.assistant.library.catalogue.moments(video_id, self.visible)

    def search(
        self,
        query: str = "",
        *,
        k: int = 10,
        image: Picture | None = None,
        like: str | Moment | Hit | Citation | None = None,
        videos: str | Iterable[str] = (),
        start: float | str | None = None,
        end: float | str | None = None,
        arm: str | None = None,
    ) -> list[Hit]:
        """Return the best moments, best first; none where nothing matches.

        Args:
            query: words; "exact phrases" in quotes, and -words that are left out.
            k: how many at most.
            image: a picture to search by instead, or the path of one.
            like: a moment, or its id, that others should be like, instead.
            videos: the id of a video to stay in, or several.
            start: only from this time: seconds, or "0:10".
            end: only up to this time.
            arm: rank by one arm alone, such as "keywords".

        Raises:
            InvalidQuery: nothing is asked, or two things are.
            NotInLibrary: there is no such video or moment.
            UsageError: a time is none.
        """
        check("query", query, str)
        check("k", k, int)
        check("image", image, *PICTURE)
        check("like", like, str, Moment, Hit, Citation, NoneType)
        check("start", start, *TIME)
        check("end", end, *TIME)
        check("arm", arm, *TEXT_OR_NONE)
        wanted = names("videos", videos)
        library, visible = self.assistant.library, self.visible
        first, last = (None if at is None else time(at) for at in (start, end))
        within = searching.narrowed(library.catalogue, visible, wanted, (), first, last)
        shown = None if image is None else picture(image)
        moment = like if like is None or isinstance(like, str) else like.moment_id
        found = searching.search(library.searcher, visible, k, query, shown, moment, within, arm)
        return list(found.hits) if found.is_certain else []

    def ask(self, question: str, image: Picture | None = None) -> Answer:
        """Ask one question, in a conversation of its own; `conversation(answer.conversation_id)` follows up.

        Raises:
            Refused: it could not be answered; it says why.
            PictureUnreadable: the picture cannot be read.
        """
        return self.conversation().ask(question, image)

    def conversation(self, conversation_id: str | None = None, last: bool = False) -> Talk:
        """Return a new conversation, the one of an id, or the last one.

        Raises:
            UnknownConversation: there is none of that id.
            UsageError: both an id and the last one are asked for.
        """
        check("conversation_id", conversation_id, *TEXT_OR_NONE)
        check("last", last, bool)
        named = conversation_to_go_on(self._access().conversations, conversation_id, last)
        return Talk(named, lambda: self.assistant, self._seeing)

    def clip(self, what: str | HasSpan, target: str | Path, overwrite: bool = False) -> Clip:
        """Cut a moment or a span out of its video into a file.

        Args:
            what: a citation, a hit, a moment or its id, or a span such as "harbour@0:05-0:12".
            target: the file to write; its name ends in .mp4, .mkv, .webm or .mov.
            overwrite: whether it may be there already.

        Raises:
            NotInLibrary: there is no such moment or video.
            UsageError: the file cannot be written there, or the video has no file.
            UnreadableMedia: the video cannot be read.
        """
        check_spanned("what", what)
        check("target", target, *PATH)
        check("overwrite", overwrite, bool)
        source = cutting.file_span(what, self.assistant.library.catalogue, self.visible)
        return cutting.cut(source, path(target), self.assistant.limits, overwrite)

    def _access(self) -> Access:
        return self.assistant.access.within(self._only)

    def _seeing(self) -> Access:
        """Return the access of a conversation, as long as what was opened is there."""
        _ = self.visible
        return self._access()

    def _into(self, collection: str | None) -> str:
        only = self._only
        if collection is not None:
            chosen = collection_name(collection)
        else:
            chosen = next(iter(only)) if only is not None and len(only) == 1 else self.settings.collection
        if only is not None and chosen not in only:
            raise UsageError(f"{chosen!r} is not one of the collections that were opened", "Give `collection`.")
        return chosen


def open_home(
    home: str | Path | None = None, collections: str | Iterable[str] | None = None, **instead: Any
) -> VideoDialog:
    """Open a home folder as its owner; it is made where it is new.

    Args:
        home: the folder; by default that of the settings.
        collections: the only collections that are seen and taken into; all where None.
        instead: settings that go before the environment and `.env`, such as `vision="none"`.

    Raises:
        UsageError: there is no such setting, the path is empty, or `collections` is empty.
        ConfigurationError: a setting cannot be used.
        LibraryUnusable: the home cannot be used.
    """
    if unknown := instead.keys() - Settings.model_fields.keys():
        raise UsageError(f"{min(unknown)!r} is not a setting", "`vdialog config show` lists those that are.")
    check("home", home, *PATH, NoneType)
    given = instead if home is None else {**instead, "home": path(home)}
    return VideoDialog(settings.load(**given), collections)
