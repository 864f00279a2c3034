using System.Buffers;
using System.Text;
using System.Text.Json;
using ActorSock.Connections;
using ActorSock.Supervision;

namespace ActorSock.Conversations;

/// <summary>Answers one question of an operator over the admin socket: a line in, JSON out, close.</summary>
/// <remarks>
/// Parent: <see cref="ConnectionSupervisor"/>. Children: none.<br/>
/// States: <see cref="AwaitingQuestion"/>, <see cref="Answering"/>, <see cref="Sending"/>.<br/>
/// On restart: the question is lost, so it closes.
/// </remarks>
internal sealed class AdminActor : ServerActor, IWithTimers
{
    /// <summary>A question is one word; a longer line is none.</summary>
    private const int QuestionBytesMax = 256;

    private sealed record Late;

    private sealed record Answer(byte[] Json);

    private readonly NodeParts _parts;
    private readonly SocketLink _link;
    private readonly IActorRef _server;
    private readonly byte[] _question = new byte[QuestionBytesMax];
    private int _length;

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
        else
            Self.Tell(new Answer(JsonSerializer.SerializeToUtf8Bytes(new AdminError($"unknown question: {ActorSock.Wire.Escaping.Printable(question)}: this node answers: tree"), AdminJson.Default.AdminError)));
    }

    protected override void PreStart()
    {
        Timers.StartSingleTimer(nameof(Late), new Late(), _parts.Settings.Connections.IdleLimit);
        _link.WaitReadable(Self);
    }

    protected override void PostRestart(Exception reason) => Context.Stop(Self);

    protected override void PostStop() => _link.Dispose();
}

/// <summary>What the admin socket answers to a question that it does not know.</summary>
public sealed record AdminError(string Error);

/// <summary>The JSON of the admin socket; generated, so that trimming keeps it.</summary>
[System.Text.Json.Serialization.JsonSourceGenerationOptions(PropertyNamingPolicy = System.Text.Json.Serialization.JsonKnownNamingPolicy.CamelCase)]
[System.Text.Json.Serialization.JsonSerializable(typeof(TreeNode))]
[System.Text.Json.Serialization.JsonSerializable(typeof(AdminError))]
public sealed partial class AdminJson : System.Text.Json.Serialization.JsonSerializerContext;
