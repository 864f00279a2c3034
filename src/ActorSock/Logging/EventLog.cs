using System.Diagnostics;
using ActorSock.Events;
using ActorSock.Settings;
using Serilog;
using Serilog.Events;

namespace ActorSock.Logging;

/// <summary>Writes each event of a node as one log line. Every message of the log stands here.</summary>
/// <remarks>
/// Levels are for the operator of a busy node: Information tells what was stored and what the node itself
/// does, Warning what a peer was refused, Error what is broken; what comes with each connection whatever it
/// does is Debug. Properties bear the same names everywhere: <c>Connection</c>, <c>Upload</c>, <c>Peer</c>,
/// <c>File</c>, <c>Bytes</c>, <c>Digest</c>, <c>Duration</c>, <c>Reason</c>, <c>Listener</c>,
/// <c>Endpoint</c>, <c>Path</c>. Peers' data is made printable by <see cref="PrintableEnricher"/> on its way
/// to every sink.
/// </remarks>
public sealed class EventLog : IEventSink, IDisposable
{
    private readonly ILogger log;
    private readonly LineTally stored, refused;

    /// <param name="log">Takes the lines.</param>
    /// <param name="settings">How many of them about stored files, and about refusals.</param>
    /// <param name="time">The clock.</param>
    public EventLog(ILogger log, LoggingSettings settings, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(settings);
        this.log = log;
        stored = new LineTally(settings.StoredLinesMax, time, MoreStored);
        refused = new LineTally(settings.RefusedLinesMax, time, (requests, _) => MoreRefused(requests));
    }

    private void MoreStored(int files, long bytes) =>
        log.Information("{Files} more files stored within a second, {Bytes} bytes: the journal has each of them", files, bytes);

    private void MoreRefused(int requests) => log.Warning("{Requests} more requests refused within a second", requests);

    /// <summary>Writes what was held back.</summary>
    public void Dispose()
    {
        stored.Dispose();
        refused.Dispose();
    }

    /// <inheritdoc/>
    public void On(ServerEvent e)
    {
        switch (e)
        {
            case ServerEvent.NodeStarted it:
                log.Information("node started: actorsock {Version:l}, root {Root:l}", it.Version, it.Root);
                break;
            case ServerEvent.NodeDraining it:
                log.Information("node drains: {Reason:l}", it.Reason);
                break;
            case ServerEvent.NodeCutting it:
                log.Information("node cuts what is in flight: {Reason:l}", it.Reason);
                break;
            case ServerEvent.NodeStopped:
                stored.Flush();
                refused.Flush();
                log.Information("node stopped");
                break;

            case ServerEvent.ListenerBound it:
                log.Information("{Listener:l} listens on {Endpoint:l}", it.Listener, it.Endpoint);
                break;
            case ServerEvent.ListenerFailed it:
                log.Error("{Listener:l} cannot listen on {Endpoint:l}: {Reason:l}: " +
                    "next attempt in {RetryIn}",
                    it.Listener, it.Endpoint, it.Reason, Shown(it.RetryIn));
                break;
            case ServerEvent.ListenerClosed it:
                log.Information("{Listener:l} closed {Endpoint:l}", it.Listener, it.Endpoint);
                break;
            case ServerEvent.AcceptPaused it:
                log.Warning("{Listener:l} accepts nobody for {Duration}: {Reason:l}",
                    it.Listener, Shown(it.For), it.Reason);
                break;

            case ServerEvent.DatagramsDropped it:
                log.Warning("{Listener:l} dropped datagrams: {Overflowed} that came too fast, {Unanswered} not to be answered, " +
                    "{Circled} after too many without a pause", it.Listener, it.Overflowed, it.Unanswered, it.Circled);
                break;
            case ServerEvent.KeysRefused it:
                log.Error("the keys have changed, and those before stay: {Reason:l}", it.Reason);
                break;
            case ServerEvent.KeysWeak it:
                log.Warning("keys that can be guessed, make them longer (openssl rand -hex 32): {Clients:l}", it.Clients);
                break;

            case ServerEvent.CommandsOpen it:
                log.Warning("whoever reaches {Endpoints:l} may run your commands: set actorsock.commands.challenge = on", it.Endpoints);
                break;
            case ServerEvent.ConnectionOpened it:
                log.Debug("{Connection:l} opened by {Peer:l}{Client:l} at {Listener:l}",
                    it.Connection, it.Peer, Shown(it.Client), it.Listener);
                break;
            case ServerEvent.ConnectionClosed it:
                log.Debug("{Connection:l} of {Peer:l} closed: {Reason:l}: {UploadsStored} stored, " +
                    "{UploadsRefused} refused, {BytesIn} bytes in, {BytesOut} bytes out in {Duration}",
                    it.Connection, it.Peer, it.Reason, it.UploadsStored, it.UploadsRefused,
                    it.BytesIn, it.BytesOut, Shown(it.Duration));
                break;

            case ServerEvent.UploadStarted it:
                log.Debug("{Connection:l} {Upload:l} of {Peer:l} begins \"{File:l}\": {Bytes} bytes, " +
                    "dialect {Dialect:l}",
                    it.Connection, it.Upload, it.Peer, it.File, it.Bytes, it.Dialect);
                break;
            case ServerEvent.Stored it when !stored.TakesLine(it.Bytes):
            case ServerEvent.Refused or ServerEvent.CommandRefused when !refused.TakesLine(0):
                break;
            case ServerEvent.Stored it:
                log.Information("{Connection:l} {Upload:l} of {Peer:l} stored \"{File:l}\": {Bytes} bytes, " +
                    "md5 {Digest:l} in {Duration}",
                    it.Connection, it.Upload, it.Peer, it.File, it.Bytes, it.Digest, Shown(it.Duration));
                break;
            case ServerEvent.Fetched it:
                log.Debug("{Connection:l} of {Peer:l} fetched \"{File:l}\": {Bytes} bytes in {Duration}",
                    it.Connection, it.Peer, it.File, it.Bytes, Shown(it.Duration));
                break;
            case ServerEvent.UploadResumed it:
                log.Debug("{Connection:l} {Upload:l} of {Peer:l} goes on with \"{File:l}\" behind {Bytes} bytes",
                    it.Connection, it.Upload, it.Peer, it.File, it.Offset);
                break;
            case ServerEvent.UploadTakenOver it:
                log.Information("upload {Upload:l}{Client:l} of \"{File:l}\" is taken over behind {Bytes} bytes",
                    it.Upload, Shown(it.Client), it.File, it.Bytes);
                break;
            case ServerEvent.UploadExpired it:
                log.Information("upload {Upload:l}{Client:l} of \"{File:l}\" expired with {Bytes} bytes: {Reason:l}",
                    it.Upload, Shown(it.Client), it.File, it.Bytes, it.Reason);
                break;
            case ServerEvent.FileDeleted it:
                log.Information("{Connection:l} of {Peer:l} deleted \"{File:l}\"", it.Connection, it.Peer, it.File);
                break;
            case ServerEvent.FileRenamed it:
                log.Information("{Connection:l} of {Peer:l} renamed \"{File:l}\" to \"{Now:l}\"", it.Connection, it.Peer, it.File, it.Now);
                break;
            case ServerEvent.Refused it:
                OnRefused(it);
                break;

            case ServerEvent.ChatJoined it:
                log.Information("\"{Member:l}\" of {Peer:l} joined the chat: {Members} are there", it.Member, it.Peer, it.Members);
                break;
            case ServerEvent.ChatRenamed it:
                log.Information("\"{Member:l}\" of {Peer:l} is \"{Now:l}\" in the chat now", it.Member, it.Peer, it.Now);
                break;
            case ServerEvent.ChatLeft it:
                log.Information("\"{Member:l}\" of {Peer:l} left the chat: {Reason:l}: {Sent} texts sent, {Received} received, " +
                    "{LinesRefused} lines refused in {Duration}",
                    it.Member, it.Peer, it.Reason, it.Sent, it.Received, it.LinesRefused, Shown(it.Duration));
                break;

            case ServerEvent.CommandRan it:
                log.ForContext("Status", it.Status).Information("{Connection:l} of {Peer:l}{Client:l} ran \"{Line:l}\": " +
                    "{Ending:l}, {Bytes} bytes in {Duration}",
                    it.Connection, it.Peer, Shown(it.Client), it.Line, it.Ending, it.Bytes, Shown(it.Duration));
                break;
            case ServerEvent.CommandRefused it:
                log.Warning("{Connection:l} of {Peer:l}{Client:l} refused \"{Line:l}\": {Code}: {Reason:l}",
                    it.Connection, it.Peer, Shown(it.Client), it.Line, it.Code, it.Reason);
                break;

            case ServerEvent.Restarted it:
                log.Error(new PrintableException(it.Cause), "{Path:l} failed and was restarted: {Reason:l}",
                    it.Path, it.Cause.Message);
                break;
            case ServerEvent.ActorStopped it:
                log.Error(new PrintableException(it.Cause), "{Path:l} failed and was stopped: {Reason:l}",
                    it.Path, it.Cause.Message);
                break;
            case ServerEvent.Escalated it:
                log.Error(new PrintableException(it.Cause),
                    "{Path:l} failed and its supervisor gave up: {Reason:l}",
                    it.Path, it.Cause.Message);
                break;

            case ServerEvent.PartsRecovered it:
                log.Write(it.Removed + it.Kept > 0 ? LogEventLevel.Information : LogEventLevel.Debug,
                    "part files of an earlier run: {Removed} removed ({Bytes} bytes), {Kept} kept",
                    it.Removed, it.Bytes, it.Kept);
                break;
            case ServerEvent.JournalRecovered it:
                log.Write(it.Lost + it.Missing > 0 ? LogEventLevel.Error : LogEventLevel.Warning,
                    "journal recovered: of {Commits} commits in the log {Rewritten} files written again, " +
                    "{Renamed} named, {Removed} removed, {Lost} lost, {Missing} entries missing, {Lines} lines added{Torn:l}",
                    it.Commits, it.Rewritten, it.Renamed, it.Removed, it.Lost, it.Missing, it.Lines,
                    it.Torn.Length == 0 ? "" : $"; torn end cut off: {it.Torn}");
                break;
            case ServerEvent.LogDamaged it:
                log.Error("the commit log's file {File:l} is damaged: what was stored last may be lost: " +
                    "look into the kernel's log before you trust that disk", it.File);
                break;
            case ServerEvent.CommitLost it:
                log.Error("\"{File:l}\" was stored, and is not there after a crash: {Reason:l}", it.File, it.Reason);
                break;
            case ServerEvent.JournalFailed it:
                log.Error("the journal failed, no upload is taken: {Reason:l}: next attempt in {RetryIn}",
                    it.Reason, Shown(it.RetryIn));
                break;
            case ServerEvent.BlocksKept it:
                log.Error("{Blocks} blocks ({Bytes} bytes) were never returned: {Reason:l}", it.Blocks, it.Bytes,
                    it.Tracked ? "a fault of this program" : "actorsock.memory.track-blocks = on tells who keeps them");
                break;
            case ServerEvent.BlockKept it:
                log.Error("never returned: {Bytes} bytes, rented by {Holder:l} {Duration} before: {Place:l}",
                    it.Bytes, it.Holder, Shown(it.Age), it.Place);
                break;
            case ServerEvent.Undelivered it:
                log.Debug("{Message:l} reached nobody: it was for {Path:l}", it.Message, it.Recipient);
                break;
            case ServerEvent.MoreStored it:
                MoreStored(it.Files, it.Bytes);
                break;
            case ServerEvent.MoreRefused it:
                MoreRefused(it.Requests);
                break;
            case ServerEvent.EngineSpoke it:
                log.Write(LevelOf(it.Severity), it.Cause is null ? null : new PrintableException(it.Cause),
                    "engine, {Path:l}: {Message:l}", it.Path, it.Message);
                break;
            default:
                throw new UnreachableException($"{e.GetType()} has no line in the log");
        }
    }

    private void OnRefused(ServerEvent.Refused it)
    {
        var about = it.Upload is null ? log : log.ForContext("Upload", it.Upload);
        if (it is { Listener: not null, File: not null })
            about = about.ForContext("Listener", it.Listener);
        if (it is { Listener: not null, File: null })
            about.Warning("{Connection:l} of {Peer:l} refused at {Listener:l}: {Code} {Rejection:l}: {Reason:l}",
                it.Connection, it.Peer, it.Listener, it.Code, it.Rejection, it.Detail);
        else if (it.File is null)
            about.Warning("{Connection:l} of {Peer:l} refused: {Code} {Rejection:l}: {Reason:l}",
                it.Connection, it.Peer, it.Code, it.Rejection, it.Detail);
        else
            about.Warning("{Connection:l} of {Peer:l} refused \"{File:l}\" after {Bytes} bytes: " +
                "{Code} {Rejection:l}: {Reason:l}",
                it.Connection, it.Peer, it.File, it.BytesReceived, it.Code, it.Rejection, it.Detail);
    }

    private static LogEventLevel LevelOf(Severity severity) => severity switch
    {
        Severity.Error => LogEventLevel.Error,
        Severity.Warning => LogEventLevel.Warning,
        Severity.Information => LogEventLevel.Information,
        _ => LogEventLevel.Debug,
    };

    private static string Shown(string? client) => client is null ? "" : $" ({client})";

    // Nobody reads a log for microseconds.
    private static TimeSpan Shown(TimeSpan span) =>
        TimeSpan.FromMilliseconds(Math.Round(span.TotalMilliseconds));
}
