using ActorSock.Access;
using ActorSock.Blocks;
using ActorSock.Commands;
using ActorSock.Conversations;
using ActorSock.Events;
using ActorSock.Files;
using ActorSock.Framing;
using ActorSock.Journal;
using ActorSock.Lanes;
using ActorSock.Settings;
using ActorSock.Uploads;
using ActorSock.Wire;

namespace ActorSock;

/// <summary>What the actors of one node share, and the seam where tests put a failing disk or another clock.</summary>
internal sealed record NodeParts(NodeSettings Settings, IFileStore Files, BlockPool Blocks, TimeProvider Clock)
{
    /// <summary>The dispatcher of work that blocks on the disk; its section is in the reference configuration.</summary>
    public const string FilesDispatcher = "actorsock-files-dispatcher";

    /// <summary>The dispatcher of those who read whole files for digests that nobody knows.</summary>
    private const string RereadingDispatcher = "actorsock-rereading-dispatcher";

    /// <summary>The dispatcher of those who list files.</summary>
    public const string ListingDispatcher = "actorsock-listing-dispatcher";

    /// <summary>The dispatcher of the digest lanes: a thread for each.</summary>
    public const string LanesDispatcher = "actorsock-lanes-dispatcher";

    /// <summary>The dispatcher of the journal: a thread of its own.</summary>
    public const string JournalDispatcher = "actorsock-journal-dispatcher";

    /// <summary>The dispatcher of those who start and end programs; its section is in the reference configuration.</summary>
    public const string CommandsDispatcher = "actorsock-commands-dispatcher";

    /// <summary>The dispatcher of conversations whose answers take microseconds.</summary>
    public const string ExchangesDispatcher = "actorsock-exchanges-dispatcher";

    /// <summary>The dispatcher of who reads the disk.</summary>
    /// <param name="wholeFiles">whether it may take long</param>
    public static string ReadersOf(bool wholeFiles) => wholeFiles ? RereadingDispatcher : FilesDispatcher;

    /// <summary>Says which lanes an upload's digest goes through.</summary>
    public DigestLanes Lanes { get; } = new();

    /// <summary>Where commits go in.</summary>
    public JournalDoor Journal { get; } = new();

    /// <summary>Where claims on uploads that can be gone on with go in.</summary>
    /// <remarks>Its tables of parts may take a quarter of what bodies may, on top of it.</remarks>
    public UploadsDoor Uploads { get; } = new(new Allowance(Settings.Memory.BlocksMax / 4), Settings.Files, Clock);

    /// <summary>What became of uploads that are too small to be kept in part.</summary>
    public SmallUploads SmallUploads => Uploads.Small;

    /// <summary>
    /// What headers that are longer than usual, and pages that wait for their rest, may take together beyond the buffer that
    /// every connection may have: a quarter of what bodies may.
    /// </summary>
    public Allowance LongHeaders { get; } = new(Settings.Memory.BlocksMax / 4);

    /// <summary>What requests for commands may take beyond a page each while they come in.</summary>
    public Allowance LongRequests { get; } = new(Settings.Memory.BlocksMax / 16);

    /// <summary>
    /// What small bodies that wait for their digest may take of the blocks together: a quarter. Who comes then is stored as a
    /// large one is, so that peers who send no digest starve nobody.
    /// </summary>
    public Allowance SmallBodies { get; } = new(Settings.Memory.BlocksMax / 4);

    /// <summary>
    /// What peers that do not read may be owed together beyond what their sockets hold, in all conversations but the transfer: a
    /// quarter of what bodies may take, on top of it. A page is free for each, so nobody depends on what others leave of it.
    /// </summary>
    public Allowance Unsent { get; } = new(Settings.Memory.BlocksMax / 4);

    /// <summary>
    /// What answers of programs that have ended may take while their clients take them, beyond a page for each: a quarter of what
    /// bodies may take, on top of it. An answer for which there is no room keeps its place among those that run.
    /// </summary>
    public Allowance Answers { get; } = new(Settings.Memory.BlocksMax / 4);

    /// <summary>What is too long and too large on the wire.</summary>
    public WireLimits WireLimits { get; } = new()
    {
        HeaderBytesMax = Settings.Wire.HeaderBytesMax,
        FileBytesMax = Settings.Wire.FileBytesMax,
    };

    /// <summary>The clients' keys; null where no listener asks for one.</summary>
    public AccessKeys? Keys { get; init; }

    /// <summary>The programs that clients may run.</summary>
    public AllowedCommands Commands { get; } = new(Settings.Commands);

    /// <summary>How many of them run at once.</summary>
    public RunPlaces RunPlaces { get; } = new(Settings.Commands.RunsMax, Settings.Commands.WaitingMax);

    /// <summary>The events for those who come and go.</summary>
    public EventBroadcast Events { get; } = new(Settings.Admin.LogHistoryBytesMax, Settings.Logging.StoredLinesMax, Settings.Logging.RefusedLinesMax);

    /// <summary>How many follow the log over the admin socket.</summary>
    public LogStreamPlaces LogStreams { get; } = new(Settings.Admin.LogStreamsMax);

    /// <summary>Who relays between those who talk.</summary>
    public IActorRef Chat { get; set; } = ActorRefs.Nobody;

    public DateTimeOffset Now => Clock.GetUtcNow();
}
