using ActorSock.Wire.Native;

namespace ActorSock.Native;

/// <summary>A request that only reads the disk, from its header until it is answered.</summary>
/// <param name="request">as it came</param>
/// <param name="room">bytes that were set aside for its reply</param>
/// <param name="propsOf">makes its reader; the flag says whether it may read a whole file for a digest</param>
internal sealed class NativeReading(NativeRequest request, int room, Func<bool, Props> propsOf) : Asked(request, room)
{
    /// <summary>Answers it.</summary>
    public IActorRef Reader { get; set; } = ActorRefs.Nobody;

    public Props PropsOf(bool mayRead) => propsOf(mayRead);

    /// <summary>A timestamp of the node's clock.</summary>
    public required long StartedAt { get; init; }
}
