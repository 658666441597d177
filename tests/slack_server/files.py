"""Files: the three steps of an upload, what is told of a file, and its download with a token."""

import json
import mimetypes
from typing import TYPE_CHECKING

from aiohttp import web

from tests.slack_server.messages import metadata, new
from tests.slack_server.methods import Answer, Args, method, needed
from tests.slack_server.workspace import BOT_USER, ApiError, File

if TYPE_CHECKING:
    from tests.slack_server.server import SlackServer

LOGIN_PAGE = "<!DOCTYPE html><html><body>Sign in to your workspace</body></html>"
"""What a download without a token leads to: a page, and no error."""


@method("files.getUploadURLExternal", "files:write")
def get_upload_url(server: "SlackServer", args: Args) -> Answer:
    name, length = needed(args, "filename", "length")
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    made = File(f"F{server.workspace.number()}", name, b"", kind, BOT_USER, int(length), done=False)
    server.workspace.files[made.file] = made
    return {"upload_url": f"{server.origin}/upload/{made.file}", "file_id": made.file}


@method("files.completeUploadExternal", "files:write")
def complete_upload(server: "SlackServer", args: Args) -> Answer:
    (given,) = needed(args, "files")
    given = json.loads(given) if isinstance(given, str) else given
    files = [found(server, one["id"]) for one in given]
    if any(len(file.content) != file.length for file in files):
        raise ApiError("file_not_found")
    for file, one in zip(files, given, strict=True):
        file.done, file.title = True, one.get("title", "")
        file.ready = server.workspace.now() + server.file_seconds
    channel_id = args.get("channel_id") or (args.get("channels") or "").partition(",")[0]
    if channel_id:
        channel = server.workspace.written_to(channel_id)
        shown = {"text": args.get("initial_comment") or "", "subtype": "file_share", "blocks": []}
        described = [file.described(server.origin) for file in files]
        message = {**new(server, channel, args), **shown, "files": described, **metadata(args)}
        server.workspace.add(channel, message)
        server.tell_of(channel, message)
    return {"files": [file.described(server.origin) for file in files]}


@method("files.info", "files:read")
def files_info(server: "SlackServer", args: Args) -> Answer:
    (file,) = needed(args, "file")
    return {"file": found(server, file).described(server.origin)}


@method("files.delete", "files:write")
def files_delete(server: "SlackServer", args: Args) -> Answer:
    (file,) = needed(args, "file")
    one = found(server, file)
    if one.user != BOT_USER:
        raise ApiError("cant_delete_file")
    one.deleted = True
    return {}


def found(server: "SlackServer", file: str) -> File:
    """Return a file that is there."""
    one = server.workspace.files.get(file)
    if one is None:
        raise ApiError("file_not_found")
    if one.deleted:
        raise ApiError("file_deleted")
    return one


async def upload(server: "SlackServer", request: web.Request) -> web.Response:
    """Take the bytes of a file that was announced."""
    content = await request.read()
    if request.content_type.startswith("multipart/"):
        return web.Response(status=415, text="send the bytes as they are")
    with server.workspace.changed:
        file = server.workspace.files.get(request.match_info["file"])
        if file is None or file.done:
            return web.Response(status=404)
        file.content = content
    return web.Response(text=f"OK - {len(content)}")


async def download(server: "SlackServer", request: web.Request) -> web.Response:
    """Give the bytes of a file to the app; anybody else gets a page to sign in."""
    server.downloads.append(request.path)
    if request.headers.get("Authorization") != f"Bearer {server.bot_token}" or server.revoked:
        return web.Response(text=LOGIN_PAGE, content_type="text/html")
    with server.workspace.changed:
        file = server.workspace.files.get(request.match_info["file"])
        if file is None or file.deleted:
            return web.Response(status=404)
        return web.Response(body=file.content, content_type=file.mimetype)
