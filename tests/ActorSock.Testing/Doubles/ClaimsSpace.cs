using ActorSock.Files;

namespace ActorSock.Testing.Doubles;

/// <summary>Claims to have room for everything, as a disk of many terabytes would.</summary>
/// <remarks>The real store hears of at most so many bytes; what it reserves ahead is bounded below that anyway.</remarks>
internal sealed class ClaimsSpace(IFileStore real, long bytesTold) : StoreDouble(real)
{
    public override long FreeBytes => long.MaxValue;

    public override IIncomingFile Create(string uploadId, FileName name, long? size) =>
        base.Create(uploadId, name, Math.Min(size ?? bytesTold, bytesTold));

    protected override IIncomingFile Around(IIncomingFile file) => file;
}
