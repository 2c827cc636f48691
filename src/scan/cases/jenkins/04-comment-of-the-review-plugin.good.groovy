// --- Jenkinsfile
pipeline {
    agent { label 'linux' }
    options { timeout(time: 30, unit: 'MINUTES') }
    stages {
        stage('Benchmark') {
            steps {
                script {
                    def wanted = env.ghprbCommentBody.contains('full') ? 'full' : 'quick'
                    sh """
                        ./bench.sh ${wanted}
                    """
                }
            }
        }
    }
}
