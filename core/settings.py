"""Settings: what whoever runs the app may decide, by environment variables.

Every field is read from ``PERCEPTORIUM_<NAME>``; nothing has to be set.
"""

from functools import cache
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """One place for every limit and address of the app."""

    model_config = SettingsConfigDict(env_prefix="PERCEPTORIUM_", extra="ignore")

    home: Path = Field(Path.home() / ".perceptorium", description="Where runs and downloads lie.")
    data: Path | None = Field(None, description="A folder of data sets that lie here already.")
    public_url: str = Field("", description="The address in links; else the local network's.")

    trainers: int = Field(1, ge=1, description="Trainings at the same time.")
    trainer_memory: str = Field("2GB", description="A trainer that grows beyond it is renewed.")
    runs_a_visitor: int = Field(1, ge=1, description="Trainings of one visitor at a time.")
    waiting_a_visitor: int = Field(3, ge=1, description="Runs that one visitor may have waiting.")

    upload_bytes: int = Field(10_000_000, description="The largest picture that is taken.")
    upload_pixels: int = Field(40_000_000, description="The most pixels that are decoded.")
    frame_bytes: int = Field(300_000, description="The largest message on the live channel.")
    frames_a_second: int = Field(40, description="Messages a second on one live channel.")

    @property
    def cache(self) -> Path:
        """Where downloaded data sets lie."""
        return self.home / "data"


@cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
