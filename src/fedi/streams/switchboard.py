"""Who of this process's clients listens to what. Pure bookkeeping: nothing here waits for anything."""

from collections.abc import Collection, Iterable, Iterator

from fedi.registry.kill import Kill
from fedi.streams import channels
from fedi.streams.frames import Frame, Payload, label
from fedi.streams.outbox import End, Outbox, WriteNow


class Client:
    """One open connection. `in_messages` tells a WebSocket, whose messages name their stream, from one stream alone."""

    __slots__ = ("account_id", "in_messages", "outbox", "scopes", "streams", "token_id")

    def __init__(
        self,
        *,
        token_id: int,
        account_id: int,
        scopes: Collection[str],
        in_messages: bool,
        write_now: WriteNow | None = None,
    ) -> None:
        self.token_id = token_id
        self.account_id = account_id
        self.scopes = scopes
        self.in_messages = in_messages
        self.outbox = Outbox(write_now)
        self.streams: dict[tuple[channels.Channel, ...], Listener] = {}


class Listener:
    """One stream that a client listens to."""

    __slots__ = ("client", "label")

    def __init__(self, client: Client, stream: channels.Stream) -> None:
        self.client = client
        self.label = label(stream.label)

    def frame(self, payload: Payload) -> Frame:
        """Return what the client is sent of it."""
        return payload.message(self.label) if self.client.in_messages else payload.event()


class Switchboard:
    """All clients of this process, and the channels they listen to."""

    def __init__(self) -> None:
        self._clients: set[Client] = set()
        self._channels: dict[channels.Channel, dict[Listener, None]] = {}

    @property
    def clients(self) -> Collection[Client]:
        return self._clients

    def join(self, client: Client) -> None:
        """Know a client, so that it can be told to go."""
        self._clients.add(client)

    def leave(self, client: Client) -> None:
        """Forget a client and all it listens to."""
        for heard in list(client.streams):
            self.disconnect(client, heard)
        self._clients.discard(client)

    def connect(self, client: Client, stream: channels.Stream) -> bool:
        """Let a client listen to a stream; False if it does already."""
        if stream.channels in client.streams:
            return False
        listener = client.streams[stream.channels] = Listener(client, stream)
        for channel in stream.channels:
            self._channels.setdefault(channel, {})[listener] = None
        return True

    def disconnect(self, client: Client, heard: tuple[channels.Channel, ...]) -> None:
        """End a client's listening to the stream that these channels feed, if it does listen."""
        listener = client.streams.pop(heard, None)
        if listener is None:
            return
        for channel in heard:
            listeners = self._channels[channel]
            del listeners[listener]
            if not listeners:
                del self._channels[channel]

    def listeners(self, names: Iterable[channels.Channel]) -> list[tuple[channels.Channel, Listener]]:
        """Return who listens to some channels, each with the channel."""
        return [(name, listener) for name in names for listener in self._channels.get(name, ())]

    @property
    def has_home_readers(self) -> bool:
        """Whether anybody listens to what comes home."""
        return any(isinstance(name, int) for name in self._channels)

    def home_readers(self) -> list[int]:
        """Return whose home timeline somebody listens to."""
        return [name for name in self._channels if isinstance(name, int)]

    def kill(self, kill: Kill) -> None:
        """End the streams of tokens and accounts that may no longer listen."""
        for client in self._killed(kill):
            client.outbox.close(End.KILLED)

    def _killed(self, kill: Kill) -> Iterator[Client]:
        tokens = set(kill.token_ids)
        return (each for each in self._clients if each.token_id in tokens or each.account_id == kill.account_id)
