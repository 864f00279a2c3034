using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using ActorSock.Connections;
using ActorSock.Supervision;

namespace ActorSock.Conversations;

/// <summary>Answers one question of an operator over the admin socket: a line in, JSON out, close. Of the log the answer may go on
/// for as long as somebody reads it.</summary>
/// <remarks>
/// Parent: <see cref="ConnectionSupervisor"/>. Children: none.<br/>
/// States: <see cref="AwaitingQuestion"/>, then <see cref="Answering"/> and <see cref="Sending"/>, or
/// <see cref="Streaming"/> and <see cref="Ending"/>.<br/>
/// On restart: the question is lost, so it closes.
/// </remarks>
internal sealed class AdminActor : ServerActor, IWithTimers
{
    /// <summary>A question is a word, or what is wanted of the log; a longer line is none.</summary>
    private const int QuestionBytesMax = 8192;

    /// <summary>What is made of the log before it is sent: a few hundred lines.</summary>
    private const int StreamedBytes = 64 << 10;

    private sealed record Late;

    private sealed record Answer(byte[] Json);

    /// <summary>The log has something, or can take something.</summary>
    private sealed record GoOn
    {
        public static readonly GoOn Instance = new();
    }

    private readonly NodeParts _parts;
    private readonly SocketLink _link;
    private readonly IActorRef _server;
    private readonly byte[] _question = new byte[QuestionBytesMax];
    private int _length;
    private LogStream? _log;
    private IDisposable? _events;
    private byte[] _lastWord = [];
    private bool _follows, _isSending;

    public AdminActor(NodeParts parts, SocketLink link, IActorRef server)
    {
        (_parts, _link, _server) = (parts, link, server);
        Become(AwaitingQuestion);
    }

    public static Props PropsOf(NodeParts parts, SocketLink link, IActorRef server) =>
        Props.Create(() => new AdminActor(parts, link, server));

    public ITimerScheduler Timers { get; set; } = null!;

    private void AwaitingQuestion()
    {
        Receive<SocketLink.Readable>(_ => Read());
        Receive<Late>(_ => Context.Stop(Self));
        Receive<ConnectionActor.Drain>(_ => Context.Stop(Self));
    }

    private void Answering()
    {
        Receive<Answer>(answer =>
        {
            Become(Sending);
            if (_link.Send(answer.Json, Self))
                Context.Stop(Self);
        });
        Receive<Status.Failure>(failure => throw failure.Cause);
        Receive<Late>(_ => Context.Stop(Self));
        Receive<ConnectionActor.Drain>(_ => { });
    }

    private void Sending()
    {
        Receive<SocketLink.SendEnded>(_ => Context.Stop(Self));
        Receive<Late>(_ => Context.Stop(Self));
        Receive<ConnectionActor.Drain>(_ => { });
    }

    /// <summary>The log goes out as it comes, no faster than it is read.</summary>
    private void Streaming()
    {
        Receive<GoOn>(_ => Stream());
        Receive<SocketLink.SendEnded>(Sent);
        Receive<SocketLink.Readable>(_ => Listen());
        Receive<ConnectionActor.Drain>(_ => End("the node stops"));
    }

    /// <summary>The last word is on its way, if the peer still reads.</summary>
    private void Ending()
    {
        Receive<SocketLink.SendEnded>(ended =>
        {
            if (ended.Error == SocketError.Success)
                SayLast();
            else
                Context.Stop(Self);
        });
        Receive<Late>(_ => Context.Stop(Self));
        ReceiveAny(static _ => { });
    }

    private void Read()
    {
        var outcome = _link.TryRead(_question.AsMemory(_length));
        if (outcome.WouldBlock)
        {
            _link.WaitReadable(Self);
            return;
        }
        if (outcome.IsEnd || _length + outcome.Bytes > QuestionBytesMax - 1)
        {
            Context.Stop(Self);
            return;
        }
        _length += outcome.Bytes;
        var end = _question.AsSpan(0, _length).IndexOf((byte)'\n');
        if (end < 0)
            _link.WaitReadable(Self);
        else
            Reply(Encoding.UTF8.GetString(_question.AsSpan(0, end)).Trim());
    }

    private void Reply(string question)
    {
        Become(Answering);
        if (question == "tree")
            LiveTree.Walk(_server).PipeTo(Self, Self, tree => new Answer(JsonSerializer.SerializeToUtf8Bytes(tree, AdminJson.Default.TreeNode)));
        else if (question == LogQuestion.Word || question.StartsWith(LogQuestion.Word + ' ', StringComparison.Ordinal))
            BeginStream(question);
        else
            Refuse($"unknown question: {ActorSock.Wire.Escaping.Printable(question)}: this node answers: tree, logs");
    }

    private void Refuse(string why) =>
        Self.Tell(new Answer(JsonSerializer.SerializeToUtf8Bytes(new AdminError(why), AdminJson.Default.AdminError)));

    private void BeginStream(string line)
    {
        LogQuestion question;
        try
        {
            question = LogQuestion.Parse(line);
        }
        catch (JsonException cause)
        {
            Refuse($"this is no question about the log: {ActorSock.Wire.Escaping.Printable(cause.Message)}");
            return;
        }
        if (!_parts.LogStreams.TryTake())
        {
            Refuse($"{_parts.LogStreams.Max} read the log here already: end one of these, or raise actorsock.admin.log-streams-max");
            return;
        }
        Timers.Cancel(nameof(Late));
        var self = Self;
        _log = new LogStream(question, _parts.Settings, () => self.Tell(GoOn.Instance, ActorRefs.NoSender));
        _events = _parts.Events.Subscribe(_log, out var before);
        _follows = question.Follow;
        Become(Streaming);
        _link.WaitReadable(Self);
        if (Say(_log.Before(before)))
            Self.Tell(GoOn.Instance);
    }

    /// <summary>A batch for each message, so that others get their turn.</summary>
    private void Stream()
    {
        if (_isSending)
            return;
        if (!_follows)
        {
            End("these are all that the node remembers");
            return;
        }
        var (lines, isAll) = _log!.Take(StreamedBytes);
        if (Say(lines) && !isAll)
            Self.Tell(GoOn.Instance);
    }

    private void Sent(SocketLink.SendEnded ended)
    {
        _isSending = false;
        if (ended.Error == SocketError.Success)
            Stream();
        else
            Context.Stop(Self);
    }

    /// <summary>Whether the socket has taken all of it.</summary>
    private bool Say(byte[] bytes)
    {
        if (bytes.Length == 0)
            return true;
        _isSending = !_link.Send(bytes, Self);
        return !_isSending;
    }

    /// <summary>Who asked says nothing more; at its close the stream ends.</summary>
    private void Listen()
    {
        var outcome = _link.TryRead(_question);
        if (!outcome.IsEnd || outcome.WouldBlock)
            _link.WaitReadable(Self);
        else if (_follows || outcome.Error != SocketError.Success)
            Context.Stop(Self);
    }

    private void End(string why)
    {
        _events?.Dispose();
        Become(Ending);
        Timers.StartSingleTimer(nameof(Late), new Late(), _parts.Settings.Connections.Linger);
        var end = LogStream.Line(new LogRemark(null, why));
        _lastWord = _follows ? [.. _log!.Take(int.MaxValue).Lines, .. end] : end;
        if (!_isSending)
            SayLast();
    }

    private void SayLast()
    {
        var word = _lastWord;
        _lastWord = [];
        if (Say(word))
            Context.Stop(Self);
    }

    protected override void PreStart()
    {
        Timers.StartSingleTimer(nameof(Late), new Late(), _parts.Settings.Connections.IdleLimit);
        _link.WaitReadable(Self);
    }

    protected override void PostRestart(Exception reason) => Context.Stop(Self);

    protected override void PostStop()
    {
        _events?.Dispose();
        if (_log is not null)
            _parts.LogStreams.Return();
        _link.Dispose();
    }
}

/// <summary>What the admin socket answers to a question that it does not know.</summary>
public sealed record AdminError(string Error);

/// <summary>The JSON of the admin socket; generated, so that trimming keeps it.</summary>
[System.Text.Json.Serialization.JsonSourceGenerationOptions(PropertyNamingPolicy = System.Text.Json.Serialization.JsonKnownNamingPolicy.CamelCase)]
[System.Text.Json.Serialization.JsonSerializable(typeof(TreeNode))]
[System.Text.Json.Serialization.JsonSerializable(typeof(AdminError))]
[System.Text.Json.Serialization.JsonSerializable(typeof(LogQuestion))]
[System.Text.Json.Serialization.JsonSerializable(typeof(LogRemark))]
public sealed partial class AdminJson : System.Text.Json.Serialization.JsonSerializerContext;
