FROM python:3.13-slim

ENV PYTHONUNBUFFERED=1 \
    DATA_DIR=/data \
    STATIC_ROOT=/app/static \
    DEMO=none

WORKDIR /app

COPY requirements.txt .
RUN pip install --no-cache-dir --disable-pip-version-check -r requirements.txt

COPY . .

# Static files are part of the image, for a volume on /data would hide them there. The key signs
# nothing: it lives for this one command.
RUN useradd --system --no-create-home blogs \
    && install --directory --owner=blogs /data \
    && DATA_DIR=/tmp SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(60))')" \
       python manage.py prepare --static-only \
    && chown --recursive blogs /app/static

USER blogs
VOLUME /data
EXPOSE 8000

HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ.get(\"PORT\", 8000)}/-/livez', timeout=4)"]

CMD ["python", "manage.py", "serve", "--host", "0.0.0.0"]
