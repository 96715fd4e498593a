"""The object store of the tests as a WSGI application. It speaks S3, and forgets all."""

from moto.server import create_backend_app

application = create_backend_app("s3")
