# What PyAV's bundled GPL libraries mean for a published image: docs/decisions/0005-pyav-bundles-gpl-libraries.md
FROM python:3.13-slim AS build
COPY requirements.txt .
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt

FROM python:3.13-slim
RUN useradd --create-home --uid 10001 clapboard && install -d -o clapboard /app/data
COPY --from=build /venv /venv
WORKDIR /app
COPY bot bot
COPY cogs cogs
USER clapboard
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1
VOLUME /app/data
STOPSIGNAL SIGTERM
ENTRYPOINT ["python", "-m", "bot"]
CMD ["run"]
