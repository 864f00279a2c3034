namespace ActorSock.Actors;

/// <summary>An actor whose states are lists of typed cases, tried in the order in which they were declared.</summary>
/// <remarks>
/// A state is a method that declares cases; <see cref="Become(Action)"/> enters it. The method runs each time the state is
/// entered: what it does beside declaring, and its variables, belong to that one stay.
/// </remarks>
public abstract class ReceiveActor : UntypedActor
{
    private MessageCase? _initial, _first, _last;
    private bool _declares = true;

    protected ReceiveActor()
    {
    }

    protected sealed override void OnReceive(object message)
    {
        if (!Handle(message, InitialCases()))
            Unhandled(message);
    }

    protected void Become(Action configure) => Become(State(configure));

    protected void BecomeStacked(Action configure) => BecomeStacked(State(configure));

    protected void Receive<T>(Action<T> handler, Predicate<T>? shouldHandle = null) =>
        Declare(new ActionCase<T>(handler, shouldHandle));

    protected void Receive<T>(Predicate<T> shouldHandle, Action<T> handler) => Receive(handler, shouldHandle);

    /// <summary>A case that says by its result whether it handled the message.</summary>
    protected void Receive<T>(Func<T, bool> handler) => Declare(new FuncCase<T>(handler));

    protected void Receive(Type messageType, Action<object> handler, Predicate<object>? shouldHandle = null) =>
        Declare(new FuncCase<object>(message =>
        {
            if (!messageType.IsInstanceOfType(message) || shouldHandle?.Invoke(message) == false)
                return false;
            handler(message);
            return true;
        }));

    protected void Receive(Type messageType, Predicate<object> shouldHandle, Action<object> handler) =>
        Receive(messageType, handler, shouldHandle);

    protected void Receive(Type messageType, Func<object, bool> handler) =>
        Declare(new FuncCase<object>(message => messageType.IsInstanceOfType(message) && handler(message)));

    protected void ReceiveAny(Action<object> handler) => Receive(handler);

    /// <summary>An asynchronous case: no other message is handled until its task has ended; a failed task fails the actor.</summary>
    protected void ReceiveAsync<T>(Func<T, Task> handler, Predicate<T>? shouldHandle = null) =>
        Receive(message => RunTask(() => handler(message)), shouldHandle);

    protected void ReceiveAsync<T>(Predicate<T> shouldHandle, Func<T, Task> handler) => ReceiveAsync(handler, shouldHandle);

    protected void ReceiveAsync(Type messageType, Func<object, Task> handler, Predicate<object>? shouldHandle = null) =>
        Receive(messageType, message => RunTask(() => handler(message)), shouldHandle);

    protected void ReceiveAsync(Type messageType, Predicate<object> shouldHandle, Func<object, Task> handler) =>
        ReceiveAsync(messageType, handler, shouldHandle);

    protected void ReceiveAnyAsync(Func<object, Task> handler) => ReceiveAsync(handler);

    private MessageCase? InitialCases()
    {
        if (_declares)
        {
            (_initial, _declares) = (_first, false);
            _first = _last = null;
        }
        return _initial;
    }

    private Receive State(Action configure)
    {
        var outer = (_declares, _first, _last);
        (_declares, _first, _last) = (true, null, null);
        MessageCase? cases;
        try
        {
            configure();
            cases = _first;
        }
        finally
        {
            (_declares, _first, _last) = outer; // also when it throws: the actor may be resumed
        }
        return message =>
        {
            if (!Handle(message, cases))
                Unhandled(message);
            return true;
        };
    }

    private void Declare(MessageCase @case)
    {
        if (!_declares)
            throw new InvalidOperationException("cases are declared in the constructor or in a method given to Become");
        if (_last is { TakesAnything: true })
            throw new InvalidOperationException("no case can follow one that takes any message: it would never be reached");
        if (_last is null)
            _first = @case;
        else
            _last.Next = @case;
        _last = @case;
    }

    private static bool Handle(object message, MessageCase? first)
    {
        for (var @case = first; @case is not null; @case = @case.Next)
            if (@case.TryHandle(message))
                return true;
        return false;
    }

    /// <summary>One case of a state. States are linked lists of them: many idle actors hold one, and each holds nothing else.</summary>
    private abstract class MessageCase
    {
        public MessageCase? Next;

        public abstract bool TakesAnything { get; }

        public abstract bool TryHandle(object message);
    }

    private sealed class ActionCase<T>(Action<T> handler, Predicate<T>? shouldHandle) : MessageCase
    {
        public override bool TakesAnything => typeof(T) == typeof(object) && shouldHandle is null;

        public override bool TryHandle(object message)
        {
            if (message is not T typed || (shouldHandle is not null && !shouldHandle(typed)))
                return false;
            handler(typed);
            return true;
        }
    }

    private sealed class FuncCase<T>(Func<T, bool> handler) : MessageCase
    {
        public override bool TakesAnything => false;

        public override bool TryHandle(object message) => message is T typed && handler(typed);
    }
}
