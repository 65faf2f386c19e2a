"""Settings: what whoever runs the app may decide, by environment variables.

Every field is read from ``PERCEPTORIUM_<NAME>``; nothing has to be set.
"""

import os
from functools import cache
from pathlib import Path

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """One place for every limit and address of the app."""

    model_config = SettingsConfigDict(env_prefix="PERCEPTORIUM_", extra="ignore")

    home: Path = Field(Path.home() / ".perceptorium", description="Where runs and downloads lie.")
    data: Path | None = Field(None, description="A folder of data sets that lie here already.")
    public_url: str = Field("", description="The address in links; else the local network's.")

    presenter_key: str = Field("", description="What a presenter types to open a session; without "
                                               "it there are none. At least eight characters.")

    scheduler: str = Field("", description="A Dask cluster to use; else the server starts one.")
    trainers: int = Field(1, ge=1, description="Trainings at the same time.")
    trainer_memory: str = Field("2GB", description="A trainer that grows beyond it is renewed.")
    trainer_grown: str = Field("1.5GB", description="Beyond it, one is renewed between two runs.")
    runs_a_visitor: int = Field(1, ge=1, description="Trainings of one visitor at a time.")
    waiting_a_visitor: int = Field(3, ge=1, description="Runs that one visitor may have waiting.")

    kept_runs: int = Field(500, ge=1, description="Runs that are kept; the oldest go first.")
    kept_bytes: int = Field(2_000_000_000, description="Disk that kept runs may take, in bytes.")
    fleeting: bool = Field(default_factory=lambda: os.environ.get("HOSTNAME") == "streamlit",
                           description="Whether the disk is lost when the app sleeps, as on "
                                       "Streamlit Community Cloud.")

    upload_bytes: int = Field(10_000_000, description="The largest picture that is taken.")
    archive_bytes: int = Field(200_000_000, description="The largest archive that is taken.")
    table_bytes: int = Field(200_000_000, description="The largest table that is taken.")
    sound_bytes: int = Field(20_000_000, description="The largest sound that is taken.")
    text_bytes: int = Field(5_000_000, description="The largest text that is taken.")
    keras_bytes: int = Field(50_000_000, description="The largest network that is taken.")
    uploads_a_visitor: int = Field(500_000_000, description="Bytes of one visitor's uploads.")
    uploads_in_all: int = Field(5_000_000_000, description="Bytes of all visitors' uploads.")
    upload_pixels: int = Field(40_000_000, description="The most pixels that are decoded.")
    frame_bytes: int = Field(300_000, description="The largest message on the live channel.")
    frames_a_second: int = Field(40, description="Messages a second on one live channel.")

    @field_validator("presenter_key")
    @classmethod
    def _not_guessed(cls, key: str) -> str:
        """Guesses are held back to some tens a minute: a short key would fall all the same."""
        if key and len(key) < 8:
            raise ValueError("a presenter's key has at least eight characters")
        return key

    @property
    def cache(self) -> Path:
        """Where downloaded data sets lie."""
        return self.home / "data"


@cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
