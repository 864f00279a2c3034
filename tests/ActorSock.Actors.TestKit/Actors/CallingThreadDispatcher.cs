using ActorSock.Actors.Dispatch;

namespace ActorSock.Actors.TestKit;

/// <summary>
/// Runs an actor on the thread that tells it something, so that it has reacted when <c>Tell</c> returns.
/// </summary>
/// <remarks>
/// An actor that tells itself something, or that two threads tell something at once, is still run by one
/// thread at a time.
/// </remarks>
internal sealed class CallingThreadDispatcher() : MessageDispatcher(IdOfAll, int.MaxValue, TimeSpan.Zero)
{
    public const string IdOfAll = "akka.test.calling-thread-dispatcher";

    [ThreadStatic]
    private static Stack<Turn>? t_turns;

    internal override void Execute(ActorCell cell)
    {
        var turns = t_turns ??= [];
        foreach (var running in turns)
        {
            if (ReferenceEquals(running.Cell, cell))
            {
                running.Again = true;
                return;
            }
        }
        var turn = new Turn(cell);
        turns.Push(turn);
        try
        {
            do
            {
                turn.Again = false;
                cell.Run();
            }
            while (turn.Again);
        }
        finally
        {
            turns.Pop();
        }
    }

    private sealed class Turn(ActorCell cell)
    {
        public ActorCell Cell => cell;

        public bool Again { get; set; }
    }
}
