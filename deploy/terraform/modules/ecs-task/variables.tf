variable "name" {
  description = "Name of task definition, container, log group, roles and security group."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,40}$", var.name))
    error_message = "name is 2 to 41 lower-case letters, digits and hyphens, and begins with a letter."
  }
}

variable "network" {
  description = "The VPC, its private subnets in different zones, and the group of the interface endpoints: the only addresses that the task reaches on 443 besides S3 and DynamoDB."
  type = object({
    vpc_id                      = string
    subnet_ids                  = list(string)
    endpoints_security_group_id = string
  })

  validation {
    condition     = startswith(var.network.vpc_id, "vpc-") && startswith(var.network.endpoints_security_group_id, "sg-")
    error_message = "network.vpc_id is a VPC's id, network.endpoints_security_group_id a security group's."
  }

  validation {
    condition     = length(var.network.subnet_ids) >= 2
    error_message = "network.subnet_ids are two or more: a service lives through the loss of a zone."
  }
}

variable "kafka" {
  description = "The cluster, for a task that talks to it: its ARN, the brokers with IAM (host:port by comma), and the group whose holders may talk to them."
  type = object({
    cluster_arn              = string
    bootstrap_servers        = string
    client_security_group_id = string
  })
  default = null

  validation {
    condition     = var.kafka == null || can(regex("^arn:[a-z-]+:kafka:[a-z0-9-]+:[0-9]{12}:cluster/[^/]+/[^/]+$", var.kafka.cluster_arn))
    error_message = "kafka.cluster_arn is an MSK cluster's ARN."
  }

  validation {
    condition     = var.kafka == null || try(alltrue([for server in split(",", var.kafka.bootstrap_servers) : can(regex("^[^:]+:9098$", server))]), false)
    error_message = "kafka.bootstrap_servers are brokers on 9098, where IAM is spoken."
  }
}

variable "image" {
  description = "Image in ECR, by digest or by a tag that never moves."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}\\.dkr\\.ecr\\.[a-z0-9-]+\\.amazonaws\\.com(\\.cn)?/[a-z0-9/_-]+(@sha256:[0-9a-f]{64}|:[A-Za-z0-9._-]+)$", var.image)) && !endswith(var.image, ":latest")
    error_message = "image is <account>.dkr.ecr.<region>.amazonaws.com/<name>@sha256:<digest>, or with a tag other than latest."
  }
}

variable "command" {
  description = "Arguments to the image's entry point; null: as the image says."
  type        = list(string)
  default     = null
}

variable "environment" {
  description = "The container's environment, besides what kafka brings. Never a secret: anyone who may describe tasks reads it."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for name in keys(var.environment) : !can(regex("(?i)(password|secret|private_key|access_key|token)", name))])
    error_message = "environment carries no secrets."
  }
}

variable "ports" {
  description = "Ports that the container listens on, by name."
  type        = map(number)
  default     = {}

  validation {
    condition     = alltrue([for port in values(var.ports) : port >= 1024 && port <= 65535])
    error_message = "ports are 1024 to 65535: the container's user may open no other."
  }
}

variable "health_check" {
  description = "Command whose exit code tells whether the container lives; null: none, for a task that ends by itself."
  type        = list(string)
  default     = null
}

variable "metrics" {
  description = "For a service whose metrics are wanted: the collector's image, the Prometheus workspace's id, the label job, and the port of /metrics; null: none are sent."
  type = object({
    image        = string
    workspace_id = string
    job          = string
    port         = number
  })
  default = null

  validation {
    condition     = var.metrics == null || can(regex("^[0-9A-Za-z][0-9A-Za-z._-]{0,63}$", var.metrics.workspace_id))
    error_message = "metrics.workspace_id is the id of a workspace of Amazon Managed Service for Prometheus."
  }

  validation {
    condition     = var.metrics == null || can(regex("^[0-9]{12}\\.dkr\\.ecr\\.[a-z0-9-]+\\.amazonaws\\.com(\\.cn)?/[a-z0-9/_-]+(@sha256:[0-9a-f]{64}|:[A-Za-z0-9._-]+)$", var.metrics.image)) && !try(endswith(var.metrics.image, ":latest"), false)
    error_message = "metrics.image is <account>.dkr.ecr.<region>.amazonaws.com/<name>@sha256:<digest>, or with a tag other than latest: without a NAT gateway no other registry is reached."
  }
}

variable "cpu" {
  description = "CPU units; 1024 are one vCPU."
  type        = number
  default     = 256

  validation {
    condition     = contains([256, 512, 1024, 2048, 4096], var.cpu)
    error_message = "cpu is 256, 512, 1024, 2048 or 4096."
  }
}

variable "memory_mib" {
  description = "Memory in MiB, in a combination with cpu that Fargate offers."
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
    error_message = "memory_mib is not offered by Fargate with this cpu."
  }
}

variable "policy_json" {
  description = "What the code in the container may call; null: nothing."
  type        = string
  default     = null
}

variable "log_retention_days" {
  description = "Days that the container's output stays in CloudWatch Logs."
  type        = number
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365], var.log_retention_days)
    error_message = "log_retention_days is one of the periods that CloudWatch Logs offers, up to a year."
  }
}

variable "log_mode" {
  description = "What becomes of output that CloudWatch Logs does not take in time: non-blocking, lost once 4 MiB wait, or blocking, the container's write waits."
  type        = string
  default     = "non-blocking"

  validation {
    condition     = contains(["blocking", "non-blocking"], var.log_mode)
    error_message = "log_mode is blocking or non-blocking."
  }
}

variable "execute_command" {
  description = "Allow ECS Exec. Its agent writes to the root file system, which then is not read-only: for hunting a fault, not for ever. A session goes by the network's endpoint ssmmessages."
  type        = bool
  default     = false
}
