# The server alone: no development tools, no baseline. Metrics and live page on 9121.
FROM node:24-slim
WORKDIR /evenkeel
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-fund --no-audit
COPY src ./src
USER node
EXPOSE 6379 9121
ENTRYPOINT ["node", "src/main/evenkeel.ts", "server", "--host", "0.0.0.0", "--http-host", "0.0.0.0"]
