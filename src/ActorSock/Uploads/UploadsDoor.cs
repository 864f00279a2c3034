namespace ActorSock.Uploads;

/// <summary>Where claims on uploads go in.</summary>
internal sealed class UploadsDoor
{
    /// <summary>Takes <see cref="UploadsActor.Command"/>s; the same over its restarts.</summary>
    public IActorRef Actor { get; set; } = ActorRefs.Nobody;
}
