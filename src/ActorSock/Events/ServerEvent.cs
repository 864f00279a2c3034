namespace ActorSock.Events;

/// <summary>What happened in a node that somebody outside may want to know: logs, console, tail and metrics
/// are readers of these.</summary>
/// <remarks>
/// Ids are those of the tree: a connection is <c>c-000042</c>, an upload <c>writer-3</c>, a listener
/// <c>transfer</c>. Endpoints and peers are written as <c>tcp://127.0.0.1:7070</c> or <c>unix:/path</c>. What
/// a peer chose (names, details) stands here as it was sent, control characters included: whoever shows it
/// escapes it.
/// </remarks>
public abstract record ServerEvent
{
    private ServerEvent(DateTimeOffset at) => At = at;

    /// <summary>When it happened, by the node's clock.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>The node has opened its root and recovered it; nothing listens yet.</summary>
    public sealed record NodeStarted(DateTimeOffset At, string Version, string Root) : ServerEvent(At);

    /// <summary>The node accepts nobody any more and finishes what is in flight.</summary>
    public sealed record NodeDraining(DateTimeOffset At, string Reason) : ServerEvent(At);

    /// <summary>What is still in flight is cut, and the node stops.</summary>
    public sealed record NodeCutting(DateTimeOffset At, string Reason) : ServerEvent(At);

    /// <summary>Everything is closed; the last event of a node.</summary>
    public sealed record NodeStopped(DateTimeOffset At) : ServerEvent(At);

    /// <summary>A listener accepts connections. <paramref name="Endpoint"/> has the real port where 0 was
    /// asked for.</summary>
    public sealed record ListenerBound(DateTimeOffset At, string Listener, string Endpoint) : ServerEvent(At);

    /// <summary>A listener could not bind or cannot accept any more; it is tried again in
    /// <paramref name="RetryIn"/>.</summary>
    public sealed record ListenerFailed(
        DateTimeOffset At, string Listener, string Endpoint, string Reason, TimeSpan RetryIn)
        : ServerEvent(At);

    /// <summary>
    /// A listener accepts nobody any more; when it failed, <see cref="ListenerFailed"/> follows.
    /// </summary>
    public sealed record ListenerClosed(DateTimeOffset At, string Listener, string Endpoint)
        : ServerEvent(At);

    /// <summary>A listener rests because the machine ran out of something that comes back, such as
    /// descriptors.</summary>
    public sealed record AcceptPaused(DateTimeOffset At, string Listener, string Reason, TimeSpan For)
        : ServerEvent(At);

    /// <summary>A peer was accepted.</summary>
    public sealed record ConnectionOpened(
        DateTimeOffset At, string Connection, string Peer, string Listener) : ServerEvent(At)
    {
        /// <summary>The name under which the peer has proved that it has a key; null where nobody asked.</summary>
        public string? Client { get; init; }
    }

    /// <summary>Datagrams were dropped since this was told last.</summary>
    /// <param name="At">When that was counted.</param>
    /// <param name="Listener">Where they came.</param>
    /// <param name="Overflowed">By the system, because they came faster than they were taken.</param>
    /// <param name="Unanswered">By the node: no answer could be sent.</param>
    /// <param name="Circled">
    /// By the node: so many came from that address without a pause that they could be answers to its own answers.
    /// </param>
    public sealed record DatagramsDropped(DateTimeOffset At, string Listener, long Overflowed, long Unanswered, long Circled)
        : ServerEvent(At);

    /// <summary>The file of keys has changed, and is wrong: the keys before the change stay.</summary>
    public sealed record KeysRefused(DateTimeOffset At, string Reason) : ServerEvent(At);

    /// <summary>Some keys are so short that they can be guessed. <paramref name="Clients"/> are whose they are.</summary>
    public sealed record KeysWeak(DateTimeOffset At, string Clients) : ServerEvent(At);

    /// <summary>A connection is over, whoever ended it.</summary>
    /// <param name="At">When it happened.</param>
    /// <param name="Connection">Its id.</param>
    /// <param name="Peer">Its remote address.</param>
    /// <param name="Reason">Why it ended, in a few words: <c>peer closed</c>, <c>idle for 5m</c>.</param>
    /// <param name="Duration">From accept to close.</param>
    /// <param name="BytesIn">Bytes read from the peer.</param>
    /// <param name="BytesOut">Bytes written to the peer.</param>
    /// <param name="UploadsStored">Uploads that were committed.</param>
    /// <param name="UploadsRefused">Requests that were refused.</param>
    public sealed record ConnectionClosed(
        DateTimeOffset At, string Connection, string Peer, string Reason, TimeSpan Duration,
        long BytesIn, long BytesOut, int UploadsStored, int UploadsRefused) : ServerEvent(At);

    /// <summary>A header was accepted and its body is awaited. <paramref name="Bytes"/> is what it announced,
    /// <paramref name="Dialect"/> the name of the wire dialect.</summary>
    public sealed record UploadStarted(
        DateTimeOffset At, string Connection, string Peer, string Upload, string Dialect, string File,
        long Bytes) : ServerEvent(At);

    /// <summary>An upload is on stable storage under its name. <paramref name="Digest"/> is its MD5 as 32
    /// lower-case hex digits, <paramref name="Duration"/> runs from header to commit.</summary>
    public sealed record Stored(
        DateTimeOffset At, string Connection, string Peer, string Upload, string File, long Bytes,
        string Digest, TimeSpan Duration) : ServerEvent(At);

    /// <summary>A file, or a part of one, was sent to a client. <paramref name="Duration"/> runs from the request to the last byte.</summary>
    public sealed record Fetched(
        DateTimeOffset At, string Connection, string Peer, string File, long Bytes, TimeSpan Duration) : ServerEvent(At);

    /// <summary>An upload goes on behind what had come of it before: <paramref name="Offset"/> bytes.</summary>
    public sealed record UploadResumed(
        DateTimeOffset At, string Connection, string Peer, string Upload, string File, long Offset) : ServerEvent(At);

    /// <summary>
    /// Somebody is at an upload, and another has come to it: the older has to let go, unless the journal is about to get it.
    /// </summary>
    /// <param name="At">When the newer came.</param>
    /// <param name="Client">Whose the upload is: the name under which both have proved that they have a key; null where nobody asked.</param>
    /// <param name="Upload">The client's word for it.</param>
    /// <param name="File">What it is to be called.</param>
    /// <param name="Bytes">What is durable of it.</param>
    public sealed record UploadTakenOver(DateTimeOffset At, string? Client, string Upload, string File, long Bytes) : ServerEvent(At);

    /// <summary>What was kept of an upload is removed: nobody has gone on with it.</summary>
    /// <param name="At">When it happened.</param>
    /// <param name="Client">Whose it was: a name that was proved with a key; null where nobody asked.</param>
    /// <param name="Upload">The client's word for it.</param>
    /// <param name="File">What it was to be called.</param>
    /// <param name="Bytes">What was durable of it.</param>
    /// <param name="Reason">Why now, in a few words: the setting that says so.</param>
    public sealed record UploadExpired(DateTimeOffset At, string? Client, string Upload, string File, long Bytes, string Reason)
        : ServerEvent(At);

    /// <summary>A client has deleted a file, and that is durable.</summary>
    public sealed record FileDeleted(DateTimeOffset At, string Connection, string Peer, string File) : ServerEvent(At);

    /// <summary>A client has renamed a file to <paramref name="Now"/>, and that is durable.</summary>
    public sealed record FileRenamed(DateTimeOffset At, string Connection, string Peer, string File, string Now) : ServerEvent(At);

    /// <summary>A request was refused and nothing of it is visible.</summary>
    /// <param name="At">When it happened.</param>
    /// <param name="Connection">The connection's id.</param>
    /// <param name="Peer">Its remote address.</param>
    /// <param name="Upload">The upload's id; null where the request never became one.</param>
    /// <param name="File">The name that the peer asked for; null where none could be read.</param>
    /// <param name="Code">The rejection's three digits.</param>
    /// <param name="Rejection">The rejection's name in the table of the wire.</param>
    /// <param name="Detail">What exactly was wrong.</param>
    /// <param name="BytesReceived">Bytes of the body that had arrived.</param>
    public sealed record Refused(
        DateTimeOffset At, string Connection, string Peer, string? Upload, string? File, int Code,
        string Rejection, string Detail, long BytesReceived) : ServerEvent(At)
    {
        /// <summary>Where the peer had come in, of one that was refused before it had said anything of interest; else null.</summary>
        public string? Listener { get; init; }
    }

    /// <summary>Whoever reaches these endpoints from elsewhere may run the operator's commands: nobody is asked for a key.</summary>
    public sealed record CommandsOpen(DateTimeOffset At, string Endpoints) : ServerEvent(At);

    /// <summary>Somebody has joined the chat, where <paramref name="Members"/> are now.</summary>
    public sealed record ChatJoined(DateTimeOffset At, string Member, string Peer, int Members) : ServerEvent(At);

    /// <summary>A member of the chat bears another name.</summary>
    public sealed record ChatRenamed(DateTimeOffset At, string Member, string Now, string Peer) : ServerEvent(At);

    /// <summary>Somebody has left the chat, or was taken to be gone. What was said is nobody's business.</summary>
    /// <param name="At">When it happened.</param>
    /// <param name="Member">The name.</param>
    /// <param name="Peer">The address.</param>
    /// <param name="Reason">Why, in a few words: <c>left</c>, <c>silent for 60 s</c>.</param>
    /// <param name="Duration">From joining to leaving.</param>
    /// <param name="Sent">Texts that it said.</param>
    /// <param name="Received">Texts that were delivered to it.</param>
    /// <param name="LinesRefused">Lines of it that were refused.</param>
    public sealed record ChatLeft(
        DateTimeOffset At, string Member, string Peer, string Reason, TimeSpan Duration, long Sent, long Received,
        long LinesRefused)
        : ServerEvent(At);

    /// <summary>A program has run for a client, and has ended.</summary>
    /// <param name="At">When it ended.</param>
    /// <param name="Connection">The connection's id.</param>
    /// <param name="Peer">Its remote address.</param>
    /// <param name="Line">What the client asked for.</param>
    /// <param name="Status">The exit status; of one that died of a signal 128 more than that.</param>
    /// <param name="Ending">How it ended: <c>exit 0</c>, <c>killed: time limit of 10 s</c>.</param>
    /// <param name="Duration">From its start to its end.</param>
    /// <param name="Bytes">What it wrote, and the limit let through.</param>
    public sealed record CommandRan(
        DateTimeOffset At, string Connection, string Peer, string Line, int Status, string Ending, TimeSpan Duration,
        long Bytes) : ServerEvent(At)
    {
        /// <summary>The name under which the peer has proved that it has a key; null where nobody asked.</summary>
        public string? Client { get; init; }
    }

    /// <summary>A command was not run.</summary>
    /// <param name="At">When it was refused.</param>
    /// <param name="Connection">The connection's id.</param>
    /// <param name="Peer">Its remote address.</param>
    /// <param name="Line">What the client asked for, as far as it could be read.</param>
    /// <param name="Code">Three digits in the manner of HTTP.</param>
    /// <param name="Reason">What the client was told.</param>
    public sealed record CommandRefused(
        DateTimeOffset At, string Connection, string Peer, string Line, int Code, string Reason) : ServerEvent(At)
    {
        /// <inheritdoc cref="CommandRan.Client"/>
        public string? Client { get; init; }
    }

    /// <summary>An actor failed and was restarted. <paramref name="Path"/> is its path in the tree.</summary>
    public sealed record Restarted(DateTimeOffset At, string Path, Exception Cause) : ServerEvent(At);

    /// <summary>An actor failed and was stopped for good.</summary>
    public sealed record ActorStopped(DateTimeOffset At, string Path, Exception Cause) : ServerEvent(At);

    /// <summary>A failure that a supervisor could not treat and handed to its own parent.</summary>
    public sealed record Escalated(DateTimeOffset At, string Path, Exception Cause) : ServerEvent(At);

    /// <summary>
    /// Part files of an earlier run were looked for at start: how many were removed and how many kept by the
    /// rule of <c>actorsock.files.keep-parts</c>, and the bytes of those removed.
    /// </summary>
    public sealed record PartsRecovered(DateTimeOffset At, int Removed, int Kept, long Bytes)
        : ServerEvent(At);

    /// <summary>The journal was opened after a crash or a failure, and had work left to do.</summary>
    /// <param name="At">When it happened.</param>
    /// <param name="Commits">Commits in the log that were looked after.</param>
    /// <param name="Rewritten">Files of these that were written again from the log.</param>
    /// <param name="Renamed">Part files of these that got their names, and files that clients had renamed.</param>
    /// <param name="Lost">Files of these that are not there and could not be made.</param>
    /// <param name="Missing">Commits that the disk has lost from the middle of the log.</param>
    /// <param name="Lines">Lines that the journal lacked and got.</param>
    /// <param name="Torn">What a crash had torn off the journal's end; empty when nothing.</param>
    public sealed record JournalRecovered(
        DateTimeOffset At, int Commits, int Rewritten, int Renamed, int Lost, long Missing, int Lines, string Torn)
        : ServerEvent(At)
    {
        /// <summary>Files that clients had deleted or renamed, and that were there again.</summary>
        public int Removed { get; init; }
    }

    /// <summary>
    /// The disk has lost the beginning of a file of the commit log, <c>log-0</c> or <c>log-1</c>, and with it the commits that were
    /// there alone.
    /// </summary>
    public sealed record LogDamaged(DateTimeOffset At, string File) : ServerEvent(At);

    /// <summary>A file that was acknowledged is not there after a crash, and the log cannot make it again.</summary>
    public sealed record CommitLost(DateTimeOffset At, string File, string Reason) : ServerEvent(At);

    /// <summary>
    /// The journal cannot be opened or finished; until it can, no upload is taken. It is tried again in
    /// <paramref name="RetryIn"/>.
    /// </summary>
    public sealed record JournalFailed(DateTimeOffset At, string Reason, TimeSpan RetryIn) : ServerEvent(At);

    /// <summary>
    /// A node that ends found memory that nobody had given back: a fault of the program. With
    /// <paramref name="Tracked"/> each block is told of by a <see cref="BlockKept"/>; otherwise
    /// <c>actorsock.memory.track-blocks</c> would tell who has them.
    /// </summary>
    public sealed record BlocksKept(DateTimeOffset At, int Blocks, long Bytes, bool Tracked) : ServerEvent(At);

    /// <summary>One block that was never given back.</summary>
    /// <param name="At">When that was found.</param>
    /// <param name="Bytes">Its size.</param>
    /// <param name="Holder">Who had rented it: a connection.</param>
    /// <param name="Age">How long before that was.</param>
    /// <param name="Place">Where in the program: methods, innermost first.</param>
    public sealed record BlockKept(DateTimeOffset At, int Bytes, string Holder, TimeSpan Age, string Place)
        : ServerEvent(At);

    /// <summary>A message that reached nobody, most often because its reader had just ended.</summary>
    public sealed record Undelivered(DateTimeOffset At, string Message, string Recipient) : ServerEvent(At);

    /// <summary>So many more files were stored within a second; told to who asks what was before, of which these are not remembered.</summary>
    public sealed record MoreStored(DateTimeOffset At, int Files, long Bytes) : ServerEvent(At);

    /// <summary>The same of requests that were refused.</summary>
    public sealed record MoreRefused(DateTimeOffset At, int Requests) : ServerEvent(At);

    /// <summary>
    /// The actor engine has something to say. <paramref name="Path"/> is the path of the actor, or the name
    /// of whatever else speaks.
    /// </summary>
    public sealed record EngineSpoke(
        DateTimeOffset At, Severity Severity, string Path, string Message, Exception? Cause)
        : ServerEvent(At);
}
