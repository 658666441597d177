"""What can be set about OpenSearch: a part of the settings, which are read in `bot/settings.py`."""

from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings

from bot.addresses import Seconds, secret_field


class OpenSearchSettings(BaseSettings):
    """Where the index lies and, where that is OpenSearch, how it is reached and made."""

    index: Literal["lance", "opensearch"] = Field(
        default="lance",
        description="Where moments are looked up: lance (files in the folder of the library) or opensearch (a cluster"
        " for a team). After a change run: vdialog reindex",
    )
    opensearch_url: str = Field(
        default="http://127.0.0.1:9200",
        min_length=1,
        description="Address of OpenSearch; of a cluster, the addresses of several nodes with spaces between.",
    )
    opensearch_index: str = Field(
        default="video-dialog",
        pattern=r"^[a-z0-9][a-z0-9_-]{0,99}$",
        description="What the names of the library's indexes there begin with. Each library needs its own.",
    )
    opensearch_user: str = Field(default="", description="User there, if it asks for one.")
    opensearch_password: SecretStr = secret_field("That user's password. Sent over https only, or to this machine.")
    opensearch_client_cert: str = Field(
        default="", description="Certificate to show instead of a password: a file in PEM form."
    )
    opensearch_client_key: str = Field(default="", description="The key of that certificate: a file in PEM form.")
    opensearch_ca_file: str = Field(
        default="", description="Certificate of the authority that vouches for OpenSearch, where the system has it not."
    )
    opensearch_verify_certs: bool = Field(
        default=True,
        description="Whether the certificates of OpenSearch are checked. Without that anyone on the way can read and"
        " change everything; every command then says so.",
    )
    opensearch_timeout: Seconds = Field(
        default=30.0, ge=1, description="Seconds that an answer of OpenSearch may take."
    )
    opensearch_shards: int = Field(
        default=1,
        ge=1,
        le=1024,
        description="Parts that an index is made in; one for some 10 million moments. Takes effect with reindex.",
    )
    opensearch_replicas: int = Field(
        default=0,
        ge=0,
        le=20,
        description="Copies of each part on other nodes, so that one may fail. Takes effect with reindex.",
    )
    opensearch_engine: Literal["lucene", "faiss"] = Field(
        default="lucene",
        description="What compares vectors there: lucene (works everywhere), or faiss with compressed vectors on disk,"
        " for a hundred million moments. Takes effect with reindex.",
    )
