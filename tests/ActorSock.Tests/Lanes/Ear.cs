namespace ActorSock.Tests.Lanes;

/// <summary>Remembers what it is told, on the thread that tells it.</summary>
internal sealed class Ear : ReceiveActor
{
    private Ear(List<object> heard, Action? onEach) => ReceiveAny(message =>
    {
        heard.Add(message);
        onEach?.Invoke();
    });

    /// <param name="heard">grows</param>
    /// <param name="onEach">is called with each, while who told it is in the middle of its work</param>
    public static Props PropsOf(List<object> heard, Action? onEach = null) =>
        Props.Create(() => new Ear(heard, onEach)).WithDispatcher("akka.test.calling-thread-dispatcher");
}
