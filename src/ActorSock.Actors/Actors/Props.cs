using System.Diagnostics.CodeAnalysis;

namespace ActorSock.Actors;

/// <summary>How to make an actor, again and again: immutable, so it can be shared and kept.</summary>
public class Props : IEquatable<Props>
{
    public static readonly Props None = new(typeof(NullActor), static () => new NullActor());

    private const DynamicallyAccessedMemberTypes Constructors = DynamicallyAccessedMemberTypes.PublicConstructors
        | DynamicallyAccessedMemberTypes.NonPublicConstructors;

    private readonly Func<ActorBase> _factory;

    private Props(Type type, Func<ActorBase> factory, params object[] args)
    {
        Type = type;
        Arguments = args;
        _factory = factory;
    }

    protected Props(Props copy) : this(copy.Type, copy._factory, copy.Arguments)
    {
        Dispatcher = copy.Dispatcher;
        StashCapacity = copy.StashCapacity;
        SupervisorStrategy = copy.SupervisorStrategy;
    }

    public Type Type { get; }

    public string TypeName => Type.AssemblyQualifiedName!;

    public object[] Arguments { get; }

    /// <summary>The configuration path of the dispatcher that the actor runs on.</summary>
    public string Dispatcher { get; private set; } = Dispatch.Dispatchers.DefaultDispatcherId;

    /// <summary>What the actor's children are supervised by, instead of what the actor itself says; null leaves it to the actor.</summary>
    public SupervisorStrategy? SupervisorStrategy { get; private set; }

    internal int StashCapacity { get; private set; } = -1;

    public static Props Empty => None;

    /// <summary>The factory runs for the first instance and for each restart.</summary>
    public static Props Create<TActor>(Func<TActor> factory, SupervisorStrategy? supervisorStrategy = null) where TActor : ActorBase =>
        new(typeof(TActor), factory) { SupervisorStrategy = supervisorStrategy };

    public static Props Create<[DynamicallyAccessedMembers(Constructors)] TActor>(params object[] args) where TActor : ActorBase =>
        Create(typeof(TActor), args);

    public static Props Create<TActor>(SupervisorStrategy supervisorStrategy) where TActor : ActorBase, new() =>
        new(typeof(TActor), static () => new TActor()) { SupervisorStrategy = supervisorStrategy };

    public static Props Create([DynamicallyAccessedMembers(Constructors)] Type type, params object[] args)
    {
        if (!typeof(ActorBase).IsAssignableFrom(type))
            throw new ArgumentException($"{type} is not an actor", nameof(type));
        return new Props(type, () => Construct(type, args), args);
    }

    public Props WithDispatcher(string dispatcher) => With(copy => copy.Dispatcher = dispatcher);

    public Props WithSupervisorStrategy(SupervisorStrategy supervisorStrategy) => With(copy => copy.SupervisorStrategy = supervisorStrategy);

    public Props WithStashCapacity(int stashCapacity) => With(copy => copy.StashCapacity = stashCapacity);

    public virtual ActorBase NewActor() => _factory();

    public bool Equals(Props? other) =>
        other is not null && (ReferenceEquals(this, other)
            || (Type == other.Type && ReferenceEquals(_factory, other._factory) && Dispatcher == other.Dispatcher));

    public override bool Equals(object? obj) => Equals(obj as Props);

    public override int GetHashCode() => HashCode.Combine(Type, Dispatcher);

    public override string ToString() => $"Props({Type})";

    private Props With(Action<Props> change)
    {
        var copy = new Props(this);
        change(copy);
        return copy;
    }

    private static ActorBase Construct([DynamicallyAccessedMembers(Constructors)] Type type, object[] args)
    {
        const System.Reflection.BindingFlags any = System.Reflection.BindingFlags.Instance
            | System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.NonPublic;
        try
        {
            return (ActorBase)Activator.CreateInstance(type, any, null, args, null)!;
        }
        catch (System.Reflection.TargetInvocationException e) when (e.InnerException is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e.InnerException);
            throw;
        }
    }

    private sealed class NullActor : UntypedActor
    {
        protected override void OnReceive(object message) => Unhandled(message);
    }
}
