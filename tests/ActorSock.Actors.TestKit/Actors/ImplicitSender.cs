namespace ActorSock.Actors.TestKit;

/// <summary>Makes a test stand for its test actor, so that what it tells has a sender.</summary>
/// <remarks>
/// The engine knows the current actor by the thread; a test goes from thread to thread where it awaits. So
/// the test actor flows with the execution context, and whenever a thread takes that context up or lays it
/// down, the thread's current actor changes with it.
/// </remarks>
internal static class ImplicitSender
{
    private static readonly AsyncLocal<ActorCell?> s_flowing = new(Moved);

    [ThreadStatic]
    private static ActorCell? t_below;

    public static ActorCell? Current
    {
        get => s_flowing.Value;
        set => s_flowing.Value = value;
    }

    private static void Moved(AsyncLocalValueChangedArgs<ActorCell?> moved)
    {
        if (moved.PreviousValue is null)
            t_below = ActorCell.ReplaceCurrent(moved.CurrentValue);
        else if (moved.CurrentValue is not null)
            ActorCell.ReplaceCurrent(moved.CurrentValue);
        else
            (_, t_below) = (ActorCell.ReplaceCurrent(t_below), null);
    }
}
