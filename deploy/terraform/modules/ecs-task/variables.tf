variable "name" {
  description = "Name of the task definition, container, log group, roles and security group."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,40}$", var.name))
    error_message = "name must have 2 to 41 lower-case letters, digits and hyphens, and start with a letter."
  }
}

variable "network" {
  description = "VPC, private subnets in different zones, and security group of the interface endpoints. Besides S3 and DynamoDB, the task can reach only these endpoints on 443."
  type = object({
    vpc_id                      = string
    subnet_ids                  = list(string)
    endpoints_security_group_id = string
  })

  validation {
    condition     = startswith(var.network.vpc_id, "vpc-") && startswith(var.network.endpoints_security_group_id, "sg-")
    error_message = "network.vpc_id must be the id of a VPC, and network.endpoints_security_group_id the id of a security group."
  }

  validation {
    condition     = length(var.network.subnet_ids) >= 2
    error_message = "network.subnet_ids must have two or more subnets, so that a service survives the loss of a zone."
  }
}

variable "kafka" {
  description = "MSK cluster, for a task that connects to it: ARN, bootstrap brokers with IAM (host:port, comma-separated), and the security group of the brokers' clients."
  type = object({
    cluster_arn              = string
    bootstrap_servers        = string
    client_security_group_id = string
  })
  default = null

  validation {
    condition     = var.kafka == null || can(regex("^arn:[a-z-]+:kafka:[a-z0-9-]+:[0-9]{12}:cluster/[^/]+/[^/]+$", var.kafka.cluster_arn))
    error_message = "kafka.cluster_arn must be the ARN of an MSK cluster."
  }

  validation {
    condition     = var.kafka == null || try(alltrue([for server in split(",", var.kafka.bootstrap_servers) : can(regex("^[^:]+:9098$", server))]), false)
    error_message = "kafka.bootstrap_servers must be brokers on port 9098, the IAM listener."
  }
}

variable "image" {
  description = "Image in ECR, by digest or by an immutable tag."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}\\.dkr\\.ecr\\.[a-z0-9-]+\\.amazonaws\\.com(\\.cn)?/[a-z0-9/_-]+(@sha256:[0-9a-f]{64}|:[A-Za-z0-9._-]+)$", var.image)) && !endswith(var.image, ":latest")
    error_message = "image must be <account>.dkr.ecr.<region>.amazonaws.com/<name>@sha256:<digest>, or have a tag other than latest."
  }
}

variable "command" {
  description = "Arguments for the image's entry point; null: the image's default."
  type        = list(string)
  default     = null
}

variable "environment" {
  description = "Environment of the container, in addition to the variables from kafka. Never put a secret here: anyone who may describe tasks can read it."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for name in keys(var.environment) : !can(regex("(?i)(password|secret|private_key|access_key|token)", name))])
    error_message = "environment must not contain secrets."
  }
}

variable "secrets" {
  description = "Variable of the container → JSON key of a secret in Secrets Manager, from which ECS sets it: the secret's ARN and the key."
  type = map(object({
    arn = string
    key = string
  }))
  default = {}

  validation {
    condition     = alltrue([for secret in values(var.secrets) : can(regex("^[A-Za-z0-9_-]+$", secret.key))])
    error_message = "secrets must have a key of letters, digits, _ and -."
  }
}

variable "ports" {
  description = "Name → port that the container listens on."
  type        = map(number)
  default     = {}

  validation {
    condition     = alltrue([for port in values(var.ports) : port >= 1024 && port <= 65535])
    error_message = "ports must be 1024 to 65535: the container's user may open no others."
  }
}

variable "health_check" {
  description = "Health check command of the container; null: none, for a task that ends by itself."
  type        = list(string)
  default     = null
}

variable "metrics" {
  description = "Sends metrics: image of the collector, id of the Prometheus workspace, value of the label job, and port of /metrics. null: no metrics."
  type = object({
    image        = string
    workspace_id = string
    job          = string
    port         = number
  })
  default = null

  validation {
    condition     = var.metrics == null || can(regex("^[0-9A-Za-z][0-9A-Za-z._-]{0,63}$", var.metrics.workspace_id))
    error_message = "metrics.workspace_id must be the id of an Amazon Managed Service for Prometheus workspace."
  }

  validation {
    condition     = var.metrics == null || can(regex("^[0-9]{12}\\.dkr\\.ecr\\.[a-z0-9-]+\\.amazonaws\\.com(\\.cn)?/[a-z0-9/_-]+(@sha256:[0-9a-f]{64}|:[A-Za-z0-9._-]+)$", var.metrics.image)) && !try(endswith(var.metrics.image, ":latest"), false)
    error_message = "metrics.image must be <account>.dkr.ecr.<region>.amazonaws.com/<name>@sha256:<digest>, or have a tag other than latest. Without a NAT gateway, tasks cannot reach any other registry."
  }
}

variable "cpu" {
  description = "CPU units; 1024 units are one vCPU."
  type        = number
  default     = 256

  validation {
    condition     = contains([256, 512, 1024, 2048, 4096], var.cpu)
    error_message = "cpu must be 256, 512, 1024, 2048 or 4096."
  }
}

variable "memory_mib" {
  description = "Memory in MiB. Fargate must offer it in combination with cpu."
  type        = number
  default     = 512

  validation {
    condition = contains(lookup({
      256  = [512, 1024, 2048]
      512  = [1024, 2048, 3072, 4096]
      1024 = [2048, 3072, 4096, 5120, 6144, 7168, 8192]
      2048 = [4096, 5120, 6144, 7168, 8192, 16384]
      4096 = [8192, 16384, 30720]
    }, var.cpu, []), var.memory_mib)
    error_message = "memory_mib must be a size that Fargate offers with this cpu."
  }
}

variable "policy_json" {
  description = "IAM policy of the code in the container; null: no permissions."
  type        = string
  default     = null
}

variable "log_retention_days" {
  description = "Days that CloudWatch Logs keeps the container's output."
  type        = number
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365], var.log_retention_days)
    error_message = "log_retention_days must be a period that CloudWatch Logs offers, up to a year."
  }
}

variable "log_mode" {
  description = "What happens when CloudWatch Logs is slow. non-blocking: output beyond 4 MiB of buffer is lost. blocking: the container's writes wait."
  type        = string
  default     = "non-blocking"

  validation {
    condition     = contains(["blocking", "non-blocking"], var.log_mode)
    error_message = "log_mode must be blocking or non-blocking."
  }
}

variable "execute_command" {
  description = "Allow ECS Exec, for troubleshooting. Its agent needs a writable root file system, and sessions need the network's endpoint ssmmessages."
  type        = bool
  default     = false
}
