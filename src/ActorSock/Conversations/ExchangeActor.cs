using System.Buffers;
using ActorSock.Connections;
using ActorSock.Wire.Text;

namespace ActorSock.Conversations;

/// <summary>Answers whatever one read delivers, at once: the title and the greeter over TCP and Unix sockets.</summary>
/// <remarks>
/// Parent: <see cref="ConnectionSupervisor"/>. Children: none.<br/>
/// States: those of <see cref="ConversationActor"/>.<br/>
/// On restart: the message in hand, and what was kept of a character that was cut, are lost; the conversation goes on.
/// </remarks>
internal sealed class ExchangeActor : ConversationActor
{
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? t_answer;

    private readonly IExchange _exchange;

    public ExchangeActor(NodeParts parts, SocketLink link, IExchange exchange) : base(parts, link) => _exchange = exchange;

    public static Props PropsOf(NodeParts parts, SocketLink link, Func<IExchange> exchange) =>
        Props.Create(() => new ExchangeActor(parts, link, exchange())).WithDispatcher(NodeParts.ExchangesDispatcher);

    // It may run on the thread that waits for all sockets: that one answers once. What there is beyond that, the pool reads.
    protected override int ReadsInARowMax => 1;

    protected override int SaidBytesMax(int readBytes) => _exchange.AnswerBytesMax(readBytes);

    protected override void On(ReadOnlySpan<byte> read)
    {
        var answer = Blank();
        _exchange.Answer(read, answer);
        Say(answer.WrittenSpan);
    }

    protected override int OnPart(ReadOnlySpan<byte> left, int bytesMax)
    {
        var answer = Blank();
        var answered = _exchange.AnswerPart(left, bytesMax, answer);
        Say(answer.WrittenSpan);
        return answered;
    }

    protected override void OnEnd()
    {
        var answer = Blank();
        _exchange.End(answer);
        Say(answer.WrittenSpan);
        base.OnEnd();
    }

    private static ArrayBufferWriter<byte> Blank()
    {
        var answer = t_answer ??= new ArrayBufferWriter<byte>(4096);
        answer.ResetWrittenCount();
        return answer;
    }
}
