using ActorSock.Wire.Native;

namespace ActorSock.Native;

/// <summary>One request that is not answered yet.</summary>
/// <param name="request">as it came</param>
/// <param name="room">bytes that were set aside for its replies</param>
internal class Asked(NativeRequest request, int room)
{
    /// <summary>What the reply to it is known by.</summary>
    public long Id { get; } = request.Id!.Value;

    public NativeRequest Request => request;

    public int Room => room;
}
